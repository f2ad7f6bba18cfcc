"""Staff named in praise or blame, numbered so that a unit may be told whom it concerns and nobody else who it is."""

from __future__ import annotations

from pipeline.folding import fold


class StaffNumbers:
    """Numbers of the names in one data set, in the order in which they first appear: "profissional 12".

    The same name after the same calling ("Dra. Ana", "doutora ana") has one number. Nothing is kept but in memory.
    """

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str], int] = {}

    def number(self, calling: str, name: str) -> int:
        """The number (from 1) of a name; `calling`: what its title or post stands for, without gender."""
        return self._numbers.setdefault((calling, fold(name)), len(self._numbers) + 1)

    def __len__(self) -> int:
        return len(self._numbers)
