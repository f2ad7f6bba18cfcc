"""A list to call made of a file, without a workspace: who is called, who is left alone to compare with, in what order.

Events are named by the clinic's own ids: the keys are those of the files, not those of a workspace.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.action.contacts import planning, queueing
from pipeline.action.contacts.planning import Asked, Bookings, Plan
from pipeline.contract import Outcome, Product, Role
from pipeline.errors import PresencaError
from pipeline.executing import Workers, kept
from pipeline.ingestion.dataset import Dataset, RowsInParts
from pipeline.ingestion.event_id import record_keys
from pipeline.ingestion.intake import NOTHING
from pipeline.ingestion.outcome_files import OutcomeLine, outcome_lines
from pipeline.ingestion.reading.raw_table import RawTable
from pipeline.insight.calls import call_list, expected, first_day
from pipeline.insight.calls.expected import Tally
from pipeline.insight.groups import late
from pipeline.insight.scoring import score
from pipeline.modeling.bundle import bundle, safe_zip
from pipeline.modeling.model import TrainedModel
from pipeline.presentation.frames import call_cards, call_list_files
from pipeline.privacy import normalise
from pipeline.records import Note, Recipe
from pipeline.records.contacts import Contact, QueueSettings
from pipeline.records.sources import Source
from pipeline.services.batch import bundles, files, spreading
from pipeline.services.catalog import product
from pipeline.services.data import bookings
from pipeline.services.data.loading import Report, ingest
from pipeline.services.data.reading import read
from pipeline.services.large import calling as large_calls
from pipeline.services.large import scoring, spread
from pipeline.services.large.score_shard import Wanted
from pipeline.services.large.spread import Spread

_GROUP = {bookings.CONTACT: "contato", bookings.CONTROL: "controle"}
_KEY = large_calls.KEY
TO_FILL = ("canal", "resultado", "contatado_em", "barreira", "oferta", "quem", "anotacao")


@dataclass(frozen=True)
class CallRequest:
    """What a list is made for: how many calls (`capacity`), working days ahead, the share left alone, and the seed."""

    capacity: int
    days: int = 3
    control: float = 0.0
    seed: int = 7
    as_of: dt.date | None = None
    how: Spread = Spread()

    @property
    def settings(self) -> QueueSettings:
        """As the rules of lists read it."""
        usual = QueueSettings(people=1, calls_a_day=self.capacity, days_ahead=self.days)
        return replace(usual, control_share=self.control, seed=self.seed)


@dataclass(frozen=True)
class CalledFile:
    """The list as a table, a line an appointment; how many patients are called and left alone; what is in no list, and
    what validation left out; how many outcomes were given, and how many of them no appointment has.
    """

    product: Product
    table: pa.Table
    as_of: dt.date
    to_call: int
    control: int
    left_out: tuple[tuple[str, int], ...]
    not_used: tuple[tuple[Note, int], ...] = ()
    contacts: int = 0
    unmatched: int = 0
    notes: tuple[str, ...] = ()


def calls_of_file(
    source: Source,
    model_source: Path,
    request: CallRequest,
    *,
    history: Source | None = None,
    contacts: Path | None = None,
    recipe: Recipe = NOTHING,
    progress: Report | None = None,
) -> CalledFile:
    """The list to call of a file. `history`: the past of its patients; `contacts`: what came of calls before, whose
    patients are left alone. PresencaError for a product without an agenda, where the model learnt from these very days,
    and where nobody is left to call.
    """
    content = safe_zip.file_bytes(model_source)
    declared = product(bundle.peek(content))
    if not declared.has_agenda:
        raise PresencaError("contacts.no_agenda", product=declared.title)
    _, model = bundles.opened(content)
    with spread.standing(request.how, scoring.MODULES, at_once=request.how.asked) as workers:
        dataset = ingest(declared, read(source, sheet=recipe.sheet), recipe=recipe, progress=progress)
        lines = None if contacts is None else read(contacts)
        read_ = _Read(dataset, declared, model, files.read_history(history, declared), lines, recipe)
        by_shards = spreading.suits(request.how, dataset, read_.history)
        whole = _by_shards(read_, request, content, workers(), progress) if by_shards else _whole(read_, request)
    day, looks_back, frame, notes = whole.day, whole.looks_back, whole.frame, whole.notes
    frame = expected.with_late_rates(frame, whole.late, declared, day, standing=not looks_back)
    told = _told(_outcomes(lines, day), frame, declared, day) if lines is not None else ([], 0)
    frame = call_list.listed(frame, declared, day, looks_back=looks_back)
    own = bookings.of_frame(frame, declared, frame[_KEY].to_numpy(np.uint64))
    plan = planning.plan(own, _asked(own, request, day, told[0]))
    if not len(plan.at):
        if request.as_of is None:
            raise _nobody(whole.rows, declared, _until(model), plan)
        raise PresencaError("contacts.nobody", why=tuple(code for code, _ in plan.left_out))
    arms = bookings.arms(plan.names, plan.risk, request.control, request.seed)
    control = int((arms == bookings.CONTROL).sum())
    table = _table(frame.iloc[plan.at], own, plan, arms, request, declared)
    unused = files.not_used(dataset, declared)
    return CalledFile(
        declared, table, day, len(arms) - control, control, plan.left_out, unused, len(told[0]), told[1], notes
    )


@dataclass(frozen=True)
class _Read:
    """What was read for a list: the file, how it is scored, and the table of what came of contacts."""

    dataset: Dataset
    declared: Product
    model: TrainedModel
    history: Dataset | None
    contacts: RawTable | None
    recipe: Recipe


@dataclass(frozen=True)
class _Scored:
    """The day of a list, its lines (see `call_list.call_list`) with the keys of their events; the days and states of
    the file's rows; and what late chances are known by: the bookings of the file, and of its history.
    """

    day: dt.date
    looks_back: bool
    frame: pd.DataFrame
    rows: pd.DataFrame
    late: tuple[Tally, ...]
    notes: tuple[str, ...]


def _until(model: TrainedModel) -> dt.date:
    until = model.card.trained_until
    assert until is not None, "what has an agenda is learnt in time"
    return until


def _whole(found: _Read, request: CallRequest) -> _Scored:
    """All rows scored in memory at once."""
    declared, rows = found.declared, found.dataset.rows
    past, notes = files.past(found.history, declared, found.dataset)
    day, looks_back = first_day.day_of_list(rows, past, declared, _until(found.model), request.as_of)
    as_it_stood = call_list.as_it_stood(rows, declared, day) if looks_back else rows
    scored = score.score(as_it_stood, declared, found.model, history=past, as_of=day)
    frame = call_list.call_list(scored, rows.assign(**{_KEY: record_keys(rows, declared)}), declared)
    late_ = tuple(expected.tally(one, declared, day, late.USUAL) for one in (rows, past) if one is not None)
    return _Scored(day, looks_back, frame, rows, late_, notes)


def _by_shards(
    found: _Read, request: CallRequest, content: bytes, executor: Workers, progress: Report | None
) -> _Scored:
    """Only the rows that the list may hold, and those that contacts name, scored on workers."""
    declared, dataset = found.declared, found.dataset
    history, notes = spreading.serving(found.history, declared, dataset)
    rows = large_calls.dated(dataset, declared)
    past = None if history is None else large_calls.days_known(history, declared)
    day, looks_back = first_day.day_of_list(rows, past, declared, _until(found.model), request.as_of)
    late_ = [expected.tally(rows, declared, day, late.USUAL)]
    late_ += [] if history is None else [large_calls.late_of(history, declared, day)]
    usable = history if history is not None and spreading.knows_patients(history, declared) else None
    asked = scoring.ToScore(dataset, declared, found.model, usable, day, (), request.how.shards)
    with (
        kept(request.how.work, {"use": "calls", **spreading.depends(asked, content, found.recipe)}) as there,
        spread.doing(executor, len(rows), progress) as doing,
    ):
        material = scoring.material_of(asked, there, doing, content)
        keys = large_calls.keys_of(dataset, declared, there)
        named = rows["row"].to_numpy()[_named(found, keys, day)]
        material = replace(material, stood=day if looks_back else None)
        frame = large_calls.frame_of(asked, material, Wanted(day, looks_back, named), keys, doing)
    return _Scored(day, looks_back, frame, rows, tuple(late_), notes)


def _named(found: _Read, keys: np.ndarray, day: dt.date) -> np.ndarray:
    """bool per row: whether what came of contacts may be of it: by its key, or its patient."""
    if found.contacts is None:
        return np.zeros(len(keys), dtype=bool)
    lines = _outcomes(found.contacts, day)
    told = {one.key for one in lines}
    wanted = np.array([key for key in keys.tolist() if f"{key:016x}" in told], dtype=np.uint64)
    field = found.declared.by_role(Role.PATIENT)
    by_key = np.isin(keys, wanted)
    if field is None:
        return by_key
    patients = {normalise(one.patient) for one in lines if one.patient}
    column = RowsInParts.of(found.dataset).column(field.key)
    theirs = np.array([normalise(str(name)) in patients for name in column.cat.categories] + [False])
    return by_key | theirs[column.cat.codes.to_numpy()]


def _nobody(rows: pd.DataFrame, declared: Product, until: dt.date, plan: Plan) -> PresencaError:
    """Why there is nobody to call: where the model learnt from the days that the file tells of, that is said."""
    known = rows["state"].astype("str").isin([str(Outcome.EVENT), str(Outcome.NON_EVENT)])
    dates = rows.loc[known, declared.time.key].dropna()
    if len(dates) and dates.max().date() <= until:
        return PresencaError("contacts.days_learnt", until=until)
    return PresencaError("contacts.nobody", why=tuple(code for code, _ in plan.left_out))


def _asked(own: Bookings, request: CallRequest, day: dt.date, told: Sequence[Contact]) -> Asked:
    """By the usual settings; what is known at the end of the list's day counts."""
    now, settings = _end(day), request.settings
    return Asked(
        settings,
        day,
        bookings.holidays(own),
        muted=queueing.muted(told, bookings.units_of(own), settings, now),
        settled={int(key, 16) for key in queueing.settled(told, now)},
    )


def _end(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(23, 59), dt.UTC)


def _outcomes(table: RawTable, day: dt.date) -> list[OutcomeLine]:
    return [one for one in outcome_lines(table, dt.UTC, day.year + 1) if one.outcome is not None]


def _told(
    lines: Sequence[OutcomeLine], frame: pd.DataFrame, declared: Product, day: dt.date
) -> tuple[list[Contact], int]:
    """The outcomes of a file by the appointments that they are of, and how many lines with an outcome match none."""
    patients = bookings.texts(frame, declared, Role.PATIENT)
    keys = [f"{key:016x}" for key in frame[_KEY].tolist()]
    names = dict(zip(keys, planning.names_of(patients, frame[_KEY].to_numpy(np.uint64)).tolist(), strict=True))
    of_day: defaultdict[tuple[str, object], list[str]] = defaultdict(list)
    for key, patient, at in zip(keys, patients.tolist(), frame[declared.time.key].dt.date, strict=True):
        of_day[normalise(patient), at].append(key)
    matched = [(one, [one.key] if one.key in names else of_day.get(_place(one), [])) for one in lines]
    made = [_contact(one, key, names[key], day) for one, found in matched for key in found]
    return made, sum(not found for _, found in matched)


def _place(one: OutcomeLine) -> tuple[str, object]:
    return (normalise(one.patient), one.day) if one.patient else ("", None)


def _contact(one: OutcomeLine, key: str, patient: str, day: dt.date) -> Contact:
    assert one.outcome is not None
    at = one.at or dt.datetime.combine(day, dt.time(), dt.UTC)
    return Contact(key, patient, at, one.channel, one.outcome, f"{patient}{at}{one.outcome}")


def _circumstances(frame: pd.DataFrame, declared: Product) -> dict[str, list[str]]:
    if declared.contacts is None:
        return {}
    found = call_cards.circumstances(frame, declared.contacts)
    return {f"circunstancia_{n + 1}": [row[n] if n < len(row) else "" for row in found] for n in range(3)}


def _table(
    frame: pd.DataFrame, own: Bookings, plan: Plan, arms: np.ndarray, request: CallRequest, declared: Product
) -> pa.Table:
    """One line an appointment, in the list's order, with empty columns for what comes of the call."""
    lines = call_list_files.ListLines(frame, np.arange(len(frame)), frame, declared, dt.date.min)
    plain = call_list_files.plain(lines)
    keys = [f"{key:016x}" for key in own.keys[plan.at].tolist()]
    shown: dict[str, object] = {
        "ordem": (plan.patient + 1).tolist(),
        "evento": keys,
        "grupo": [_GROUP[str(arms[place])] for place in plan.patient.tolist()],
        "paciente": own.patients[plan.at].tolist(),
        "quarto_de_risco": plan.strata[plan.patient].tolist(),
        "parte_controle": [request.control] * len(keys),
    }
    reasons = ("motivo_", "pontos_", "outros_agendamentos")  # a caller is told of the booking, not of the person
    rest = [name for name in plain if name not in shown and not name.startswith(reasons)]
    empty = {name: [""] * len(keys) for name in TO_FILL if name not in rest}
    found = pd.DataFrame(
        shown | {name: plain[name].tolist() for name in rest} | _circumstances(frame, declared) | empty
    )
    return pa.Table.from_pandas(found, preserve_index=False)
