"""What somebody decided about a file: which column is which field, and every repair, in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum


class StepKind(StrEnum):
    """How a step changes what is read; those over a whole column serve the next file too."""

    VALUE = "value"  # every cell `before` of `field` becomes `after` ("" empties it)
    CELL = "cell"  # the cell of `field` in spreadsheet row `row`, which held `before`, becomes `after`
    SWAP = "swap"  # `field` and the field `after` change places in the rows where the first lies later
    EXCHANGE = "exchange"  # `field` and the field `after` change columns
    DATES = "dates"  # the dates of `field` are written in the order `after`: dmy, mdy or ymd
    PAD = "pad"  # leading zeros are put back where that makes a CPF of `field` right
    ARRIVAL = "arrival"  # the target is said by the column `after`: filled means that the patient came
    STARS = "stars"  # notes of 0 to 10 are read as stars
    STAFF = "staff"  # who works at the clinic stays in comments, as a number: "profissional 12"
    ASIDE = (
        "aside"  # rows whose `field` is `before` are left out; `after`: only of these days ("2026-03-01/2026-04-15")
    )
    USE = "use"  # `field` is used although it seems to know the future


DATE_ORDERS = ("dmy", "mdy", "ymd")


@dataclass(frozen=True)
class Step:
    """One repair. `field` is a key of the product; `row` a spreadsheet row, 0 for all."""

    kind: StepKind
    field: str = ""
    before: str = ""
    after: str = ""
    row: int = 0


@dataclass(frozen=True)
class Recipe:
    """How a file is read: `columns` are (field, header or None), before the proposal; `steps` follow in order."""

    sheet: str | None = None
    columns: tuple[tuple[str, str | None], ...] = ()
    steps: tuple[Step, ...] = ()

    @classmethod
    def of(cls, choice: Mapping[str, str | None], sheet: str | None = None) -> Recipe:
        """A recipe of columns only, from field → header (None: the field is left out)."""
        return cls(sheet, tuple(sorted(choice.items())))

    @property
    def choice(self) -> dict[str, str | None]:
        """Field → header; None: the field is left out."""
        return dict(self.columns)

    def has(self, kind: StepKind, field: str = "") -> bool:
        """Whether there is a step of this kind and field; "" is the field of steps that name none."""
        return any(s.kind is kind and s.field == field for s in self.steps)

    def more(self, steps: tuple[Step, ...]) -> Recipe:
        """With steps added at the end; what is there already is not repeated."""
        return replace(self, steps=(*self.steps, *(s for s in steps if s not in self.steps)))

    def without(self, place: int) -> Recipe:
        """Without one step. IndexError if there is none at `place`."""
        _ = self.steps[place]
        return replace(self, steps=self.steps[:place] + self.steps[place + 1 :])

    def for_other_files(self) -> Recipe:
        """What can be replayed on another file: all but the repairs of single cells."""
        return replace(self, steps=tuple(s for s in self.steps if s.kind is not StepKind.CELL))


@dataclass(frozen=True)
class KnownRecipe:
    """A recipe that the workspace remembers for a set of headers."""

    id: str
    product: str
    name: str  # of the file from which it came
    headers: tuple[str, ...]
    created: str
    used: int
    recipe: Recipe
    series: str = ""  # id
    dataset: str = ""  # the data set that it came from, and goes with; "": it was kept
