"""The columns of a file as the fields that they are: encoded side by side, weighed, then read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from pipeline import memory, side_by_side
from pipeline.contract import Field, Product
from pipeline.errors import UnreadableFile
from pipeline.ingestion.parsing.column import Column, absent, encode_as
from pipeline.ingestion.parsing.field_types import Ask, type_of
from pipeline.ingestion.reading.limits import LIMITS, cost
from pipeline.ingestion.repair.apply_steps import Amended, order_of
from pipeline.records import Progress, Recipe, StepKind, note
from pipeline.side_by_side import WORTH_IT

MOST_DISTINCT = 4_000_000  # texts of all fields; each is read once, at some 0.3 kB and 30 µs
_BEGUN, _ENCODED, _READ = 0.1, 0.5, 0.7  # shares of the whole


def read_columns(
    amended: Amended,
    product: Product,
    today: dt.date,
    recipe: Recipe,
    file_name: str,
    tell: Callable[[Progress], None],
) -> dict[str, Column]:
    """By field key, what the file has of it; a field without a column is all empty. UnreadableFile where the fields
    hold more distinct texts than memory and patience are for.
    """
    rows = amended.table.num_rows
    encoded = _encoded(amended, product, file_name, tell)
    ask = Ask(today, recipe.has(StepKind.STARS), staff=recipe.has(StepKind.STAFF))

    def read(key: str, order: str = "") -> Column:
        own = replace(ask, order=order_of(recipe, key) or order)
        return type_of(encoded[key].field).read(encoded[key], own)

    answers = side_by_side.each([partial(read, key) for key in encoded], worth_it=rows >= WORTH_IT)
    found = _in_turn(answers, [column.field for column in encoded.values()], (_ENCODED, _READ), rows, tell)
    columns = {item.key: found.get(item.key) or absent(item, rows) for item in product.fields}
    return columns | {key: read(key, "mdy") for key in _to_agree(columns)}


def _to_agree(columns: Mapping[str, Column]) -> list[str]:
    """The columns of dates that prove nothing, where the file's other columns prove that months come first: they are
    read in that order.
    """
    if {column.order for column in columns.values() if column.order} != {"mdy"}:
        return []
    return [
        key
        for key, column in columns.items()
        if column.present and column.days is not None and not column.order and column.ages is None
    ]


def _encoded(amended: Amended, product: Product, file_name: str, tell: Callable[[Progress], None]) -> dict[str, Column]:
    """By field key, its column with a code for each row and nothing known of the texts."""
    places: dict[str | None, int] = {match.field: place for place, match in enumerate(amended.matches) if match.field}
    fields, rows = [item for item in product.fields if item.key in places], amended.table.num_rows
    weigh = _Scale(rows, len(fields), file_name)
    tasks = [
        partial(encode_as, amended.table.column(at), item, amended.matches[at].header)
        for item, at in ((item, places[item.key]) for item in fields)
    ]
    answers = (weigh.added(column) for column in side_by_side.each(tasks, worth_it=rows >= WORTH_IT))
    return _in_turn(answers, fields, (_BEGUN, _ENCODED), rows, tell)


def _in_turn(
    answers: Iterator[Column],
    fields: Sequence[Field],
    shares: tuple[float, float],
    rows: int,
    tell: Callable[[Progress], None],
) -> dict[str, Column]:
    """The answers by the key of their field; each is told before it is waited for, from one share to the other."""
    found = {}
    for done, item in enumerate(fields):
        share = shares[0] + (shares[1] - shares[0]) * done / len(fields)
        tell(Progress(share, note("checking.reading_field", field=item.label), rows=rows))
        found[item.key] = next(answers)
    return found


class _Scale:
    """Holds the distinct texts of all fields, as they come, against a set number in what could be an upload, in a
    larger file against what this machine's memory holds.
    """

    def __init__(self, rows: int, columns: int, file_name: str) -> None:
        self.rows, self.columns, self.file_name, self.texts = rows, columns, file_name, 0
        self.weighs = columns * rows > MOST_DISTINCT
        self.free = memory.budget() if self.weighs and rows > LIMITS.max_rows else 0

    def added(self, column: Column) -> Column:
        """The column; UnreadableFile where its texts are too many beside the others'."""
        self.texts += len(column.texts)
        if not self.weighs:
            return column
        if self.rows > LIMITS.max_rows:
            needed = cost(self.rows, self.columns, self.texts)
            if needed > self.free:
                raise UnreadableFile(
                    "reading.too_much_memory", name=self.file_name, rows=self.rows, needed=needed, free=self.free
                )
        elif self.texts > MOST_DISTINCT:
            raise UnreadableFile("checking.too_many_distinct", name=self.file_name, limit=MOST_DISTINCT)
        return column
