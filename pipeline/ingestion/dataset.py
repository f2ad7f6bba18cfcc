"""Typed rows: the frame that all later steps read, made of the cells that the checks left standing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
import pandas as pd
import pyarrow as pa
from pandas.api.types import union_categoricals

from pipeline import per_row
from pipeline.contract import AGE_PART, REGION_PART, UF_PART, Outcome, Role, part
from pipeline.ingestion.checking.run import Checked
from pipeline.ingestion.event_id import with_event_ids
from pipeline.ingestion.parsing.field_types import type_of
from pipeline.ingestion.parsing.parsed_file import OLDEST, OUTCOMES, YOUNGEST, Sheet
from pipeline.ingestion.parsing.places import REGION_OF, REGIONS, UFS, cep_uf
from pipeline.ingestion.reading.reader import RawTable
from pipeline.records import ColumnMatch, ValidationReport

AGE_BANDS = (
    (0, "0 a 17"),
    (18, "18 a 29"),
    (30, "30 a 44"),
    (45, "45 a 59"),
    (60, "60 a 74"),
    (75, "75 ou mais"),
)  # years, from


@dataclass(frozen=True)
class Dataset:
    """A file as rows that can be used.

    `left_out`: `row` and `reason` (category) of each row that can't. `table` and `matches`: the cells after the
    recipe's repairs, and which column is which field; `sheet` and `checked`: what was read and found.
    """

    product_key: str
    left_out: pd.DataFrame
    raw: RawTable
    report: ValidationReport
    table: pa.Table
    matches: tuple[ColumnMatch, ...]
    sheet: Sheet
    checked: Checked

    @cached_property
    def typed(self) -> pd.DataFrame:
        """One line per usable row in file order, with `row` (int64, as in the spreadsheet), a column per field of the
        product, parts of some (see contract.part), `age`, `state` and `outcome`. Made when asked for: a report needs
        none.
        """
        return typed_rows(self.sheet, self.checked)

    @cached_property
    def rows(self) -> pd.DataFrame:
        """The same with `event_id`: which event each row tells of."""
        return with_event_ids(self.typed, self.sheet.product)

    @cached_property
    def parts(self) -> RowsInParts:
        """The same rows as `typed`, to be made part by part."""
        usable = per_row.places_of(self.checked.usable)
        return RowsInParts(self.sheet.timed(usable), self.checked.states, usable)

    @property
    def left_out_comments(self) -> pd.Series:
        """What was written in the rows left out, without what identifies a person: str by row number, in file order;
        only rows with a comment.
        """
        field = self.sheet.product.comment
        lost = np.flatnonzero(~self.checked.usable)
        if field is None or not self.sheet.columns[field.key].present:
            return pd.Series([], pd.Index([], dtype="int64"), dtype="str")
        column, days = self.sheet.columns[field.key], partial(self.sheet.days, field.key)
        told = type_of(field).typed(column, self.sheet.usable_cells(field.key), days, lost)[field.key]
        return pd.Series(told, copy=False).set_axis(self.sheet.rows[lost]).dropna()

    @property
    def faults(self) -> pd.DataFrame:
        """Which cells are accused of what: spreadsheet `row` (int64), `rule` and `field` (categories)."""
        return faults(self.sheet, self.checked)


def faults(sheet: Sheet, checked: Checked) -> pd.DataFrame:
    """Which cells are accused of what:
    spreadsheet `row` (int64), `rule` and `field` (categories), one line per row and rule.
    """
    over_rows = [f for f in checked.findings if f.mask is not None]
    rows = [sheet.rows[f.mask] for f in over_rows]
    sizes = [len(r) for r in rows]
    codes = np.repeat(np.arange(len(over_rows), dtype="int16"), sizes)
    rules = [f.rule.code for f in over_rows]
    fields = [f.rule.fields[0] if f.rule.fields else "" for f in over_rows]
    names = list(dict.fromkeys(fields))
    field_codes = np.array([names.index(name) for name in fields], "int16")
    return pd.DataFrame(
        {
            "row": np.concatenate(rows) if rows else np.zeros(0, "int64"),
            "rule": pd.Categorical.from_codes(codes, categories=pd.Index(rules, dtype="str")),
            "field": pd.Categorical.from_codes(
                field_codes[codes] if len(over_rows) else codes, categories=pd.Index(names, dtype="str")
            ),
        }
    )


def typed_rows(sheet: Sheet, checked: Checked) -> pd.DataFrame:
    """The usable rows, typed by the kind of each field.

    All fields that are asked for stand, absent ones are all missing; the others stand where the file has them.
    """
    return _typed(sheet, checked.states, np.flatnonzero(checked.usable))


@dataclass(frozen=True)
class RowsInParts:
    """The typed rows of a file, made part by part: each the very rows that `typed_rows` has in that place.

    Columns that name somebody have the categories of their part alone. `usable`: the position in the file of each.
    """

    sheet: Sheet
    states: np.ndarray
    usable: np.ndarray

    @staticmethod
    def of(dataset: Dataset) -> RowsInParts:
        """Of a file that was read and checked."""
        return dataset.parts

    def some(self, places: np.ndarray) -> pd.DataFrame:
        """The typed rows at these places (0…, rising) among the usable ones; without `event_id`."""
        rows = self.usable[places]
        return _typed(self.sheet.taken(rows), self.states[rows], np.arange(len(rows)))

    def blocks(self, fields: Collection[str], only: np.ndarray | None = None) -> Iterator[pd.DataFrame]:
        """All of them, in the order of the file, in blocks: `row`, `state`, `outcome`, and of these fields what typed
        rows have of them. `only` (bool per row): those that it holds.
        """
        for span in per_row.blocks(self.sheet.size):
            first, last = np.searchsorted(self.usable, [span.start, span.stop])
            keep = self.usable[first:last] - span.start
            chosen = keep if only is None else keep[only[first:last]]
            yield _typed(self.sheet.part(span), self.states[span], chosen, fields)

    def codes(self, key: str) -> tuple[np.ndarray, pa.Array]:
        """Of one field of all of them: the place (int32, n) of each among the file's labels, -1 where it is missing;
        and those labels. Millions of names are no objects there.
        """

        def of_block(span: slice) -> np.ndarray:
            part = self.sheet.part(span)
            return np.where(part.usable_cells(key), part.columns[key].index_of_rows(), -1)

        labels = self.sheet.columns[key].labels
        places = per_row.spread(per_row.made(self.sheet.size, np.int32, of_block), self.usable)
        return places, pa.array([], pa.string()) if labels is None else labels

    def texts(self, key: str) -> pa.Array:
        """The labels of one field that any of them has."""
        codes, labels = self.codes(key)
        return labels.filter(pa.array(per_row.counted(codes, len(labels)) > 0))

    def tell(self, key: str) -> bool:
        """Whether any of them says something in a field."""
        return bool((self.codes(key)[0] >= 0).any())

    def column(self, key: str) -> pd.Series:
        """One field of all of them, with the file's categories."""
        column, days = self.sheet.columns[key], partial(self.sheet.days, key)
        typed = type_of(column.field).typed(column, self.sheet.usable_cells(key), days, self.usable)
        return pd.Series(typed[key], copy=False)

    def __contains__(self, key: object) -> bool:
        """Whether the rows have that field."""
        column = self.sheet.columns.get(str(key))
        return column is not None and (column.present or not column.field.extra)

    def __getitem__(self, key: str) -> pd.Series:
        """As `column`; KeyError for what the rows lack: what asks a frame for columns may ask these rows."""
        if key not in self:
            raise KeyError(key)
        return self.column(key)

    def state(self) -> pd.Series:
        """`state` of all of them."""
        return pd.Series(_states(self.states[self.usable]))

    @property
    def outcomes(self) -> np.ndarray:
        """float32 of all of them, as in `outcome`."""
        return _outcomes(self.states[self.usable])


def _typed(
    sheet: Sheet, all_states: np.ndarray, keep: np.ndarray, fields: Collection[str] | None = None
) -> pd.DataFrame:
    """The rows `keep`, with all fields or only some; with a part of a field, or its age, where the field is there."""
    data: dict[str, object] = {"row": sheet.rows[keep]}
    for key, column in sheet.columns.items():
        if (column.field.extra and not column.present) or not (fields is None or key in fields):
            continue
        data |= type_of(column.field).typed(column, sheet.usable_cells(key), partial(sheet.days, key), keep)
    birth = sheet.product.by_role(Role.BIRTH)
    if fields is None or (birth is not None and birth.key in fields):
        ages = sheet.ages()[keep]
        with np.errstate(invalid="ignore"):
            data["age"] = np.where((ages >= YOUNGEST) & (ages <= OLDEST), ages, np.nan).astype("float32")
    data |= _parts(sheet, data)
    states = all_states[keep]
    data["state"] = _states(states)
    data["outcome"] = _outcomes(states)
    return pd.DataFrame(data)


def _states(states: np.ndarray) -> pd.Categorical:
    return pd.Categorical.from_codes(states, categories=[outcome.value for outcome in OUTCOMES])


def _outcomes(states: np.ndarray) -> np.ndarray:
    outcome = np.where(states == OUTCOMES.index(Outcome.EVENT), 1.0, np.nan)
    return np.where(states == OUTCOMES.index(Outcome.NON_EVENT), 0.0, outcome).astype("float32")


def _parts(sheet: Sheet, data: Mapping[str, object]) -> dict[str, object]:
    """Columns that are parts of fields: UF and region of a postal code, the age band."""
    parts: dict[str, object] = {}
    post, birth = sheet.product.by_role(Role.POSTCODE), sheet.product.by_role(Role.BIRTH)
    if post is not None and post.key in data:
        ceps = data[post.key]
        assert isinstance(ceps, pd.Categorical)
        ufs = [cep_uf(str(cep)) for cep in ceps.categories]
        parts[part(post.key, UF_PART)] = _recoded(ceps, ufs, UFS)
        parts[part(post.key, REGION_PART)] = _recoded(
            ceps, [REGION_OF[uf] if uf else None for uf in ufs], tuple(REGIONS)
        )
    if birth is not None and birth.key in data:
        ages = np.asarray(data["age"])
        codes = np.where(
            np.isnan(ages), -1, np.searchsorted([low for low, _ in AGE_BANDS], np.nan_to_num(ages), side="right") - 1
        )
        parts[part(birth.key, AGE_PART)] = pd.Categorical.from_codes(
            codes, categories=pd.Index([name for _, name in AGE_BANDS], dtype="str")
        )
    return parts


def _recoded(column: pd.Categorical, names: list[str | None], categories: tuple[str, ...]) -> pd.Categorical:
    """The column with another name for each of its categories."""
    places = np.array([categories.index(name) if name else -1 for name in names] + [-1], "int16")
    return pd.Categorical.from_codes(places[column.codes], categories=pd.Index(categories, dtype="str"))


def texts_of(rows: pd.DataFrame | RowsInParts, key: str) -> pa.Array:
    """The distinct texts that typed rows have in a field, in whatever form they are."""
    if isinstance(rows, RowsInParts):
        return rows.texts(key)
    return pa.array([str(text) for text in rows[key].dropna().unique().tolist()], pa.string())


def tell(rows: pd.DataFrame | RowsInParts, key: str) -> bool:
    """Whether any of typed rows says something in a field, in whatever form they are."""
    return rows.tell(key) if isinstance(rows, RowsInParts) else bool(rows[key].notna().any())


def concat_rows(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Typed rows of several files of one product as one frame, index 0…n-1; categories are those of any of them.

    Columns of names that only some have are missing in the rows of the others.
    """
    joined = {}
    some = [n for f in frames[1:] for n in f.columns if isinstance(f[n].dtype, pd.CategoricalDtype)]
    for name in dict.fromkeys([*frames[0].columns, *some]):
        parts = [frame[name] if name in frame else _nothing(len(frame)) for frame in frames]
        if isinstance(parts[0].dtype, pd.CategoricalDtype):
            joined[name] = pd.Series(union_categoricals(parts))
        else:
            joined[name] = pd.concat(parts, ignore_index=True)
    return pd.DataFrame(joined)


def _nothing(rows: int) -> pd.Series:
    """A column of names, all missing: what only other files have."""
    return pd.Series(pd.Categorical.from_codes(np.full(rows, -1), categories=pd.Index([], dtype="str")))


def left_out_rows(sheet: Sheet, checked: Checked) -> pd.DataFrame:
    """`row` and `reason` (code of the first blocker that the row fails) of the rows that are not used."""
    lost = np.flatnonzero(~checked.usable)
    codes = [rule.code for rule in sheet.product.rules]
    reasons = pd.Categorical.from_codes(checked.blocker[lost], categories=pd.Index(codes, dtype="str"))
    return pd.DataFrame({"row": sheet.rows[lost], "reason": reasons})
