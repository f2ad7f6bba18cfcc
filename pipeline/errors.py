"""Refusals that are expected: each is a sentence in Portuguese and a hint on how to go on.

The page and the command line show `str(error)` as it is; anything else that is raised is a fault of ours.
"""

from __future__ import annotations

from collections.abc import Sequence


class PresencaError(Exception):
    """An expected refusal. `message` says what and where, `hint` how to go on; both are plain Portuguese."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class UnreadableFile(PresencaError):
    """The file can't be read at all: not a table, damaged, protected, or over a limit."""


class MissingFields(PresencaError):
    """The file was read, but lacks a column without which nothing can be done.

    `missing`: labels of the fields; `found`: headers of the file, empty where they can't be shown.
    """

    def __init__(self, missing: Sequence[str], found: Sequence[str] = (), file_name: str = "") -> None:
        self.missing, self.found = tuple(missing), tuple(found)
        named = ", ".join(f"“{label}”" for label in self.missing)
        where = f" em “{file_name}”" if file_name else ""
        message = f"Falta a coluna {named}{where}." if len(self.missing) == 1 else f"Faltam as colunas {named}{where}."
        hint = (
            "Inclua-a no arquivo ou escolha qual coluna ela é."
            if len(self.missing) == 1
            else "Inclua-as no arquivo ou escolha quais colunas elas são."
        )
        if self.found:
            message += f" Cabeçalhos encontrados: {', '.join(self.found)}."
        else:
            hint = "Confira se a primeira linha do arquivo traz os nomes das colunas."
        super().__init__(message, hint)


class NotEnoughData(PresencaError):
    """Too few rows, or too few of one outcome, to train or to judge."""


class UnsafeBundle(PresencaError):
    """A model file that is damaged or was crafted: it is not opened."""


class IncompatibleBundle(PresencaError):
    """A sound model file of another version or another product."""


class WorkspaceError(PresencaError):
    """The workspace can't do what was asked: gone, locked, full, or of a newer version."""


class LostRecords(WorkspaceError):
    """The folder of a workspace holds data sets or models, and the file of records is empty or gone."""

    def __init__(self, datasets: int, models: int) -> None:
        self.datasets, self.models = datasets, models
        parts = [
            f"{n} {one if n == 1 else many}"
            for n, one, many in ((datasets, "conjunto de dados", "conjuntos de dados"), (models, "modelo", "modelos"))
            if n
        ]
        super().__init__(
            f"A pasta de dados tem {' e '.join(parts)}, mas os registros deles (presenca.sqlite) não estão lá. Nada foi alterado.",
            "Recoloque presenca.sqlite de uma cópia de segurança, ou refaça os registros a partir das pastas: python -m pipeline recover.",
        )


class Cancelled(PresencaError):
    """The person asked to stop."""

    def __init__(self, message: str = "O trabalho foi cancelado.", hint: str = "") -> None:
        super().__init__(message, hint)
