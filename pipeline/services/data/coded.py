"""Large data sets as narrow columns beside their rows: made once, mapped from disk, shared by all who ask.

Written when rows or past risks are kept, or by the first who asks. A data set of fewer rows is read as a frame; what a
page tells of it is the same.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import numpy as np

from pipeline.contract import Product, Role
from pipeline.errors import PresencaError
from pipeline.folding import fold
from pipeline.insight.groups.coded import CodedPast, CodedRows, coded, coded_past
from pipeline.insight.groups.counted import Chosen, Counted, Own, choose, counted
from pipeline.insight.groups.counts import UNIT, Filters
from pipeline.insight.groups.cubes import Cubes, made
from pipeline.services import catalog
from pipeline.services.session import Permission, Session, needs
from pipeline.workspace.store import Workspace

LARGE = 100_000  # rows from which a page counts from columns: with fewer, reading the frame takes a wink
MOST_WHOLE = 2_000_000  # rows of a data set that a page or a worker of the server reads whole
_POINTS = "points:"  # begins the columns of factors' points in kept past risks
_MOST_HELD, _MOST_COUNTED = 4, 64

T = TypeVar("T")


@dataclass(frozen=True)
class Coded:
    """A data set as columns, with the past risks of a model where there are any, for whoever asks."""

    product: Product
    rows: CodedRows
    past: CodedPast | None
    cubes: Cubes | None
    own: Own
    key: tuple[Hashable, ...]  # of what is counted: the rows as they are now, the risks, and whose


_Mark = tuple[Hashable, ...]  # of what rows or risks columns were made, and which making it was


class _Held:
    """What is open and what was counted, of one workspace: mapped columns and sums, nothing of anybody."""

    def __init__(self) -> None:
        self.making = threading.RLock()  # two who ask first wait for one making
        self.lock = threading.Lock()  # of sums
        self.rows: OrderedDict[str, tuple[_Mark, CodedRows]] = OrderedDict()
        self.past: OrderedDict[tuple[str, str], tuple[_Mark, CodedPast, Cubes]] = OrderedDict()
        self.sums: OrderedDict[tuple[Hashable, ...], object] = OrderedDict()


_HELD: WeakKeyDictionary[Workspace, _Held] = WeakKeyDictionary()


@needs(Permission.OPEN)
def is_large(session: Session, dataset_id: str) -> bool:
    """Whether the pages count a data set from columns. Comments and ratings are always read as a frame."""
    info = session.workspace.dataset(dataset_id)
    declared = catalog.product(info.product)
    return info.rows >= LARGE and not declared.has_stars and not declared.has_comments


@needs(Permission.OPEN)
def is_whole(session: Session, dataset_id: str) -> bool:
    """Whether the server may read all of a data set's rows."""
    return session.workspace.dataset(dataset_id).rows <= MOST_WHOLE


@needs(Permission.READ_DATA)
def opened(session: Session, dataset_id: str, model_id: str | None = None) -> Coded:
    """A large data set for whoever asks; PresencaError where no row is of their units."""
    space = session.workspace
    declared = catalog.product(space.dataset(dataset_id).product)
    of = space.past_risks_id(model_id, dataset_id) if model_id else ""
    held, revision = _HELD.setdefault(space, _Held()), space.revision(dataset_id)
    with held.making:
        rows = _rows(session, held, dataset_id, revision, declared)
        past, cubes = _past(session, held, (model_id, dataset_id), of, rows) if model_id and of else (None, None)
    own = _own(session, rows, declared)
    whose = None if own is None else tuple((key, values) for key, values in own.items())
    found = Coded(declared, rows, past, cubes, own, (dataset_id, revision, of, whose))
    if own is not None and not sums(session, found, Filters())[1].days.rows.sum():
        raise PresencaError("session.nothing_of_units")
    return found


@needs(Permission.READ_DATA)
def sums(session: Session, asked: Coded, filters: Filters) -> tuple[Chosen, Counted]:
    """The rows under the filters, and all that is counted of them."""
    chosen = choose(asked.rows, asked.product, filters, asked.own)
    plain = tuple(sorted((key, values) for key, values in filters.values.items() if values))
    key = ("sums", *asked.key, filters.first_date, filters.last_date, plain)
    return chosen, kept(session, key, lambda: counted(asked.rows, asked.past, chosen, asked.product, asked.cubes))


@needs(Permission.READ_DATA)
def kept(session: Session, key: tuple[Hashable, ...], make: Callable[[], T]) -> T:
    """What was counted under this key, or is now: sums alone, of the rows and for the units that the key names."""
    held = _HELD.setdefault(session.workspace, _Held())
    with held.lock:
        if key in held.sums:
            held.sums.move_to_end(key)
            return held.sums[key]  # type: ignore[return-value]
    made = make()
    with held.lock:
        held.sums[key] = made
        while len(held.sums) > _MOST_COUNTED:
            held.sums.popitem(last=False)
    return made


def _own(session: Session, rows: CodedRows, declared: Product) -> Own:
    if session.units is None:
        return None
    field = declared.by_role(Role.UNIT)
    column = field.key if field is not None else ""
    return {column: tuple(name for name in rows.names.get(column, ()) if fold(name) in session.units)}


def fields_of(declared: Product) -> tuple[str, ...]:
    """What a view of rows is split by, dimensions first, and then what else can narrow it."""
    extra = [f.key for role in (Role.TYPE, Role.CATEGORY, Role.CHANNEL) if (f := declared.by_role(role))]
    return tuple(dict.fromkeys((*(d.column for d in declared.dimensions), *extra)))  # a category may be a dimension too


def _read(declared: Product) -> list[str]:
    """The columns of typed rows that columns are made of."""
    roles = (Role.CONTACT, Role.SCHEDULED, Role.OCCURRED, Role.CANCELLED)
    return ["row", "state", "outcome", *(f.key for r in roles if (f := declared.by_role(r))), *fields_of(declared)]


def _rows(session: Session, held: _Held, dataset_id: str, revision: int, declared: Product) -> CodedRows:
    space, at = session.workspace, held.rows.get(dataset_id)
    if at is not None and at[0] == (revision, space.row_columns_stamp(dataset_id)):
        held.rows.move_to_end(dataset_id)
        return at[1]
    found = space.row_columns(dataset_id)
    if found is None:
        there = [name for name in _read(declared) if name in space.columns_of_rows(dataset_id)]
        made = coded(lambda name: space.rows(dataset_id, [name])[name], there, declared, fields_of(declared))
        space.save_row_columns(dataset_id, *_packed(made))
        found = space.row_columns(dataset_id)
    assert found is not None, "it was kept just now"
    held.rows[dataset_id] = (revision, space.row_columns_stamp(dataset_id)), _unpacked(*found)
    while len(held.rows) > _MOST_HELD:
        held.rows.popitem(last=False)
    return held.rows[dataset_id][1]


def _past(session: Session, held: _Held, key: tuple[str, str], of: str, rows: CodedRows) -> tuple[CodedPast, Cubes]:
    space, at = session.workspace, held.past.get(key)
    if at is not None and at[0] == (of, space.past_columns_stamp(*key)):
        held.past.move_to_end(key)
        return at[1:]
    found = space.past_columns(*key)
    if found is None:
        _make_past(session, key, rows)
        found = space.past_columns(*key)
    assert found is not None, "it was kept just now"
    held.past[key] = (of, space.past_columns_stamp(*key)), *_past_unpacked(found[0])
    while len(held.past) > _MOST_HELD:
        held.past.popitem(last=False)
    return held.past[key][1:]


def _make_past(session: Session, key: tuple[str, str], rows: CodedRows) -> None:
    space = session.workspace
    names = [name for name in space.past_risks_columns(*key) if name.startswith(_POINTS)]
    factors = {name.removeprefix(_POINTS): name for name in names}
    number = space.rows(key[1], ["row"])["row"].to_numpy()
    past = coded_past(lambda name: space.past_risks_column(*key, name), factors, rows, number)
    cubes = made(rows, past, catalog.product(space.dataset(key[1]).product))
    space.save_past_columns(*key, _past_packed(past, cubes), {})


_SINGLE = ("days", "day", "mark", "position", "cell", "gone", "detail", "details")
_CODE, _PRESENT = "code:", "present:"


def _packed(rows: CodedRows) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    single = {name: value for name in _SINGLE if (value := getattr(rows, name)) is not None}
    codes = {f"{_CODE}{name}": value for name, value in rows.codes.items()}
    present = {f"{_PRESENT}{name}": value for name, value in rows.present.items()}
    return single | codes | present, {"names": dict(rows.names)}


def _unpacked(arrays: Mapping[str, np.ndarray], facts: Mapping[str, Any]) -> CodedRows:
    single: dict[str, Any] = {name: arrays[name] for name in _SINGLE if name in arrays}
    names = {name: tuple(values) for name, values in facts["names"].items()}
    return CodedRows(**single, codes=_begun(arrays, _CODE), names=names, present=_begun(arrays, _PRESENT))


_COUNTS, _RISK, _WEIGHTS, _FACTOR, _BESIDE = "counts:", "risk:", "weights:", "points:", "|"


def _past_packed(past: CodedPast, cubes: Cubes) -> dict[str, np.ndarray]:
    return {
        "scored": past.scored,
        "risk": past.risk,
        "reference": past.reference,
        "begin": cubes.begin,
        "day_begin": cubes.day_begin,
        **{f"{_FACTOR}{name}": values for name, values in past.points.items()},
        **{f"{_COUNTS}{_BESIDE.join(pair)}": values for pair, values in cubes.counts.items()},
        **{f"{_RISK}{_BESIDE.join(pair)}": values for pair, values in cubes.risk.items()},
        **{f"{_WEIGHTS}{name}": values for name, values in cubes.weights.items()},
    }


def _past_unpacked(arrays: Mapping[str, np.ndarray]) -> tuple[CodedPast, Cubes]:
    def pairs(prefix: str) -> dict[tuple[str, str], np.ndarray]:
        return {_pair(name): values for name, values in _begun(arrays, prefix).items()}

    past = CodedPast(arrays["scored"], arrays["risk"], arrays["reference"], _begun(arrays, _FACTOR))
    weights = _begun(arrays, _WEIGHTS)
    return past, Cubes(arrays["begin"], arrays["day_begin"], pairs(_COUNTS), pairs(_RISK), weights)


def _pair(name: str) -> tuple[str, str]:
    field, _, target = name.partition(_BESIDE)
    return field, target


def _begun(arrays: Mapping[str, np.ndarray], prefix: str) -> dict[str, np.ndarray]:
    return {name.removeprefix(prefix): value for name, value in arrays.items() if name.startswith(prefix)}


def risks_at(asked: Coded, places: np.ndarray) -> np.ndarray:
    """The risk of some coded rows (by place); NaN where a row has none."""
    if asked.past is None:
        return np.full(len(places), np.nan)
    return np.where(asked.past.scored[places] > 0, asked.past.risk[places] / UNIT, np.nan)
