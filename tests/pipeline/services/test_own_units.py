"""Whoever is of some units alone is given, and acts on, these units' rows: each use case open to them, in turn."""

from __future__ import annotations

import datetime as dt
import io
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline import services
from pipeline.access.roles import GRANTED, OF_UNITS
from pipeline.errors import PresencaError
from pipeline.folding import fold
from pipeline.products.no_show import PRODUCT
from pipeline.records import Role, User
from pipeline.records.contacts import Caller, CallTold, ContactOutcome, Never, NeverKind, QueueSettings
from pipeline.records.slots import EmptiedSlot, Offer
from pipeline.services.data import bookings as bookings_of
from pipeline.services.data import datasets, event_keys, series_settings, waiting
from pipeline.services.data.own_units import OwnRows
from pipeline.services.models import models
from pipeline.services.pages import (
    agenda,
    answering,
    attendances,
    call_files,
    call_queue,
    call_scripts,
    contacts,
    gains,
    list_job,
    list_lines,
    refill,
    slot_board,
    today,
)
from pipeline.services.pages.agenda import Agenda, ListFilters
from pipeline.services.pages.slot_board import Wish
from pipeline.services.privacy import reviews
from pipeline.services.session import Session
from tests.conftest import TEST_KEY
from tests.pipeline.services.test_own_units_comments import TRIED as IN_VOICE
from tests.pipeline.services.test_own_units_risk import TRIED as ON_RISK
from tests.pipeline.services.test_session import use_cases
from tests.refusals import refused
from tests.toy.house import move_in

ANA = Caller("ana-1", "Ana")


@dataclass(frozen=True)
class Clinic:
    """A network whose list is made, and one unit of it with another: `keys` and `patients` of the one's rows."""

    whole: Session
    found: Agenda
    series: str
    unit: str
    other: str

    def of(self, unit: str, role: Role = Role.ATTENDANT) -> Session:
        """Somebody of one unit, spelled otherwise than in the files."""
        written = f"  {unit.upper()} "
        return replace(self.whole, user=User("0" * 12, "a", "A", role, (written,)), lent=False)

    @property
    def own(self) -> Session:
        """Somebody of the first unit."""
        return self.of(self.unit)


@pytest.fixture(scope="module")
def clinic(missed_home: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    home = tmp_path_factory.mktemp("units") / "home"
    shutil.copytree(missed_home[1], home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRESENCA_KEY", TEST_KEY)
        patch.setenv("PRESENCA_HOME", str(home))
        move_in(patch, missed_home[0], PRODUCT)
        whole = Session(services.open_workspace())
        future = next(d for d in datasets.datasets(whole, PRODUCT.key) if d.purpose == "future")
        found = agenda.score(whole, future.id, models.models(whole, PRODUCT.key)[0].id)
        series_settings.set_calls(whole, future.series, QueueSettings(people=2, calls_a_day=30, days_ahead=30))
        call_queue.make_list(whole, found)
        waiting.upload(whole, future.series, waiting.sample(PRODUCT.key, 300), "fila.csv")
        counts = agenda.kept(whole, found)[agenda.call_list.UNIT].value_counts()
        first, second = (str(name) for name in counts.index[:2])
        _happen(whole, found, future.series, [first, second])
        yield Clinic(whole, found, future.series, first, second)


def _happen(whole: Session, found: Agenda, series: str, units: list[str]) -> None:
    """Of each of these units something is noted: calls, reviews, and offers of slots that they emptied."""
    frame, keys, names = call_queue.named_lines(whole, found)
    of_each = frame[["row", agenda.call_list.UNIT]].assign(key=keys, name=names)
    of_each = of_each.loc[of_each[agenda.call_list.UNIT].isin(units)]
    noted = of_each.groupby(agenda.call_list.UNIT, observed=True).head(16)
    for at, (key, name, row) in enumerate(noted[["key", "name", "row"]].itertuples(index=False)):
        told = ContactOutcome.CANCELLED if at % 2 else ContactOutcome.NO_ANSWER
        contacts.record(whole, series, CallTold(name, ((key, told),), f"call{at:08d}"), ANA)
        if at % 6 == 0:
            reviews.ask(whole, found, row, "pediu", ANA)
    offered: set[str] = set()
    for slot in refill.emptied(whole, found.dataset_id):
        waits = refill.candidates(whole, found.dataset_id, slot, most=1) if slot.unit not in offered else ()
        if waits and refill.make(whole, found.dataset_id, slot, waits):
            offered.add(slot.unit)


Told = list[tuple[object, str]]  # what was given, each with its unit


@dataclass(frozen=True)
class Known:
    """Of the rows of the network: the unit of each event, row and patient (of whom the first)."""

    of_key: dict[str, str]
    of_row: dict[int, str]
    of_patient: dict[str, set[str]]

    def keys(self, found: Any) -> Told:
        """Events, by key."""
        return [(key, self.of_key[key]) for key in found]


@pytest.fixture(scope="module")
def known(clinic: Clinic) -> Known:
    frame, keys, names = call_queue.named_lines(clinic.whole, clinic.found)
    every = clinic.whole.workspace.rows(clinic.found.dataset_id)
    own = event_keys.named(replace(clinic.whole, lent=True), clinic.found.dataset_id)
    units = dict(zip(every["row"].tolist(), every[_unit()].astype(str).tolist(), strict=True))
    patients: dict[str, set[str]] = {}
    for name, row in zip(names.tolist(), frame["row"].tolist(), strict=True):
        patients.setdefault(name, set()).add(units[row])
    return Known({key: units[row] for row, key in own.items()}, units, patients)


def _unit() -> str:
    field = PRODUCT.by_role(bookings_of.Role.UNIT)
    assert field is not None
    return field.key


def _lines(frame: pd.DataFrame) -> Told:
    return list(zip(frame["row"].tolist(), frame[agenda.call_list.UNIT].astype(str).tolist(), strict=True))


def _there(found: Agenda | None) -> Agenda:
    assert found is not None, "it is a short list"
    return found


def _slots(found: tuple[EmptiedSlot, ...]) -> Told:
    return [(slot.key, slot.unit) for slot in found]


def _offers(found: tuple[Offer, ...]) -> Told:
    return [(offer.id, offer.slot.unit) for offer in found]


def _queue(clinic: Clinic, session: Session) -> Told:
    found = call_queue.queue(session, clinic.series)
    assert found is not None and found.counts.patients == len(found.entries)
    return [(key, "") for one in found.entries for key in one.keys]


Case = Callable[[Clinic, Session, Known], Told]
ROWS: dict[str, Case] = {
    "pages.agenda.score": lambda c, s, k: [
        (unit, unit) for unit in agenda.score(s, c.found.dataset_id, c.found.model_id, c.found.as_of).units
    ],
    "pages.agenda.made": lambda c, s, k: [
        (unit, unit) for unit in _there(agenda.made(s, c.found.dataset_id, c.found.model_id, c.found.as_of)).units
    ],
    "pages.list_job.made_or_begun": lambda c, s, k: [
        (unit, unit) for unit in list_job.made_or_begun(s, c.found.dataset_id, c.found.model_id, c.found.as_of).units
    ],
    "pages.agenda.lines": lambda c, s, k: _lines(agenda.lines(s, c.found).some(ListFilters())),
    "pages.agenda.kept": lambda c, s, k: _lines(agenda.kept(s, c.found)),
    "pages.agenda.standing": lambda c, s, k: _lines(agenda.standing(s, c.found)),
    "pages.agenda.page": lambda c, s, k: _lines(agenda.page(s, c.found, ListFilters()).chosen),
    "pages.answering.listed": lambda c, s, k: [
        (unit, unit) for unit in answering.listed(s, c.found.dataset_id, c.found.model_id).units
    ],
    "pages.list_lines.keys": lambda c, s, k: k.keys(list_lines.keys(s, c.found, ListFilters())),
    "pages.list_lines.of": lambda c, s, k: [
        (line.key, line.unit) for line in list_lines.of(s, c.found, list_lines.keys(c.whole, c.found, ListFilters()))
    ],
    "pages.attendances.plan": lambda c, s, k: [
        (place, place.unit) for place in attendances.plan(s, c.found, series_settings.extra(s, c.series).policy).places
    ],
    "pages.call_queue.callable_now": lambda c, s, k: k.keys(key for key, _ in call_queue.callable_now(s, c.found)),
    "pages.call_queue.bookings": lambda c, s, k: k.keys(
        map(event_keys.written, call_queue.bookings(s, c.found).keys.tolist())
    ),
    "pages.call_queue.named_lines": lambda c, s, k: k.keys(call_queue.named_lines(s, c.found)[1]),
    "pages.call_queue.queue": lambda c, s, k: k.keys(key for key, _ in _queue(c, s)),
    "pages.call_queue.told_of": lambda c, s, k: k.keys(call_queue.told_of(s, c.series, list(k.of_key))),
    "pages.contacts.contacts": lambda c, s, k: k.keys(one.key for one in contacts.contacts(s, c.series)),
    "pages.refill.emptied": lambda c, s, k: _slots(refill.emptied(s, c.found.dataset_id, with_taken=True)),
    "pages.refill.table": lambda c, s, k: _slots(refill.table(s, c.found.dataset_id, with_taken=True).slots()),
    "pages.refill.offers": lambda c, s, k: _offers(refill.offers(s, c.found.dataset_id)),
    "privacy.reviews.of": lambda c, s, k: k.keys(one.key for one in reviews.of(s, c.series)),
}
# What they give of a row, a patient or a place that is asked for: tried one by one below
ONE = {
    "data.waiting.entries": "test_those_who_wait",
    "data.waiting.patients": "test_those_who_wait",
    "pages.refill.candidates": "test_those_who_wait",
    "pages.agenda.bookings": "test_a_row_of_another_unit_is_refused",
    "pages.agenda.explain": "test_a_row_of_another_unit_is_refused",
    "pages.agenda.row_values": "test_a_row_of_another_unit_is_refused",
    "pages.agenda.what_if": "test_a_row_of_another_unit_is_refused",
    "pages.call_files.identities": "test_a_row_of_another_unit_is_refused",
    "pages.call_files.own_of": "test_a_row_of_another_unit_is_refused",
    "pages.call_files.phones_of": "test_a_row_of_another_unit_is_refused",
    "privacy.reviews.ask": "test_a_row_of_another_unit_is_refused",
    "privacy.reviews.decide": "test_an_event_of_another_unit_is_refused",
    "pages.contacts.take_in": "test_an_event_of_another_unit_is_refused",
    "pages.contacts.record": "test_an_event_of_another_unit_is_refused",
    "pages.contacts.undo": "test_an_event_of_another_unit_is_refused",
    "pages.contacts.override": "test_an_event_of_another_unit_is_refused",
    "pages.contacts.never": "test_whom_nobody_calls",
    "pages.contacts.set_never": "test_whom_nobody_calls",
    "pages.refill.make": "test_a_slot_of_another_unit_is_refused",
    "pages.refill.answer": "test_a_slot_of_another_unit_is_refused",
    "pages.call_files.csv": "test_downloads",
    "pages.call_files.fhir": "test_downloads",
    "pages.call_files.xlsx": "test_downloads",
    "pages.slot_board.board": "test_counts_are_of_their_rows",
    "pages.slot_board.late_coming": "test_counts_are_of_their_rows",
    "pages.refill.counts": "test_counts_are_of_their_rows",
    "pages.today.today": "test_counts_are_of_their_rows",
    "pages.gains.of": "test_what_a_call_gains_is_kept_by_units",
    "pages.gains.paying": "test_what_a_call_gains_is_kept_by_units",
    "pages.call_queue.next_to_call": "test_the_next_to_call_and_the_card_are_of_their_unit",
    "pages.call_queue.appointments": "test_the_next_to_call_and_the_card_are_of_their_unit",
    "pages.call_queue.being_called": "test_the_next_to_call_and_the_card_are_of_their_unit",
    "pages.call_scripts.card": "test_the_next_to_call_and_the_card_are_of_their_unit",
    "pages.call_queue.latest": "test_a_list_of_other_units_is_not_theirs",
}
# What gives no row: names of files, models and series, settings, texts, rates, one's own account and choices
NONE = {
    *("data.datasets.datasets", "data.datasets.revision", "data.series.listed", "data.series.known"),
    *(
        "data.series.one",
        "pages.answering.model_of",
        "data.series.members",
        "data.series.first_to_show",
        "data.series.others",
        "data.series_settings.calls",
    ),
    *("data.coded.is_large", "data.coded.is_whole", "pages.risk.is_quick", "pages.weights.can_tell"),
    *("pages.past_risks.is_unscored", "data.event_columns.is_large", "data.event_columns.is_ready"),
    "data.event_columns.prepare",  # makes, and gives nothing
    *(f"pages.list_job.{name}" for name in ("start", "job", "current", "last", "cancel", "run")),  # how far it is
    *(f"pages.list_making.{name}" for name in ("whole", "level", "by_shards")),  # kept; `agenda.score` gives theirs
    *("data.bookings.keys_of_lines", "pages.kept_lines.opened"),  # of lines that are in hand, or told by `OwnRows`
    *("data.series_settings.extra", "data.waiting.of", "models.fit.judge", "models.models.current_job"),
    *("models.models.job", "models.models.data_name", "models.models.models", "models.models.suited"),
    *("models.models.newer", "models.models.learnt_from_sample", "models.starter.info", "pages.agenda.candidates"),
    *("pages.agenda.made_on", "pages.list_job.standing"),  # a day, and how far it is
    *(
        "settings.hides_small_cells",
        "pages.agenda.declared",
        "pages.attendances.checked",
        "pages.call_files.can_identify",
    ),
    *("pages.call_files.on_record", "pages.call_queue.held", "pages.call_queue.renew", "pages.call_queue.release"),
    *(
        "pages.call_queue.procedures",
        "pages.call_scripts.scripts",
        "pages.call_scripts.speaker",
        "pages.carrying.standing",
    ),
    *("pages.contacts.call_lately", "pages.keeping.files_of", "pages.refill.plan", "pages.slot_board.agenda_file"),
    *("pages.two_models.files_of", "pages.weights.learnt_from", "people.entering.change_password"),
    *("settings.get", "settings.keep", "settings.name_of", "settings.keep_name"),
    *("pages.slot_values.with_values", "pages.told_risk.as_told", "pages.refill.awaited"),  # of what they are handed
    *("data.masking.offered", "data.masking.is_identified"),  # of roles alone
    *(
        "pages.moved.before",
        "pages.moved.rows_of",
        "data.whose.are_known",
        "data.whose.is_of",
    ),  # of what they are handed
}


def _marked() -> dict[str, Any]:
    """Every use case; that each names its permission is asked elsewhere."""
    return {name: case for name, case in use_cases().items() if hasattr(case, "permission")}


def test_every_use_case_that_is_open_to_them_is_in_the_table() -> None:
    """A new one that is open to whoever is of some units is to be tried here, or to say `whole=True`."""
    open_ = {
        name.removeprefix("pipeline.services.")
        for name, case in _marked().items()
        if (case.by_unit or case.permission in OF_UNITS) and not case.whole and ".people.persons." not in name
    }
    assert open_ - set(ROWS) - set(ONE) - NONE - ON_RISK - IN_VOICE - {"people.entering.set_password"} == set()
    assert (set(ROWS) | set(ONE) | NONE | ON_RISK | IN_VOICE) - open_ == set() and set(ONE.values()) <= set(globals())


@pytest.mark.parametrize("role", Role)
def test_whatever_speaks_of_the_whole_network_is_refused(clinic: Clinic, role: Role) -> None:
    session, refused_ = clinic.of(clinic.unit, role), 0
    for name, case in _marked().items():
        if session.allows(case):
            assert case.permission in GRANTED[role] and (case.by_unit or case.permission in OF_UNITS), name
            continue
        with pytest.raises(PresencaError) as caught:
            case(session)
        assert caught.value.note.code in ("session.only_units", "session.not_allowed"), name
        refused_ += caught.value.note.code == "session.only_units"
    assert refused_ > 0


@pytest.mark.parametrize("name", ROWS)
def test_they_are_given_the_rows_of_their_units_and_all_of_these(clinic: Clinic, known: Known, name: str) -> None:
    """One after the other, the caches warm: nobody is given what was made for another."""
    case = ROWS[name]
    whole = case(clinic, clinic.whole, known)
    for unit in (clinic.unit, clinic.other, clinic.unit):
        own = case(clinic, clinic.of(unit), known)
        assert own and {fold(told) for _, told in own} == {fold(unit)}
        assert {item for item, _ in own} == {item for item, told in whole if fold(told) == fold(unit)}
    assert len({told for _, told in whole}) > 1 and case(clinic, clinic.whole, known) == whole


def _row_of(known: Known, clinic: Clinic, unit: str) -> int:
    frame = agenda.kept(clinic.whole, clinic.found)
    return next(row for row in frame["row"].tolist() if known.of_row[row] == unit)


def test_a_row_of_another_unit_is_refused(clinic: Clinic, known: Known) -> None:
    theirs, own = (_row_of(known, clinic, unit) for unit in (clinic.other, clinic.unit))
    found, session = clinic.found, clinic.own
    asked: list[Callable[[int], object]] = [
        lambda row: agenda.explain(session, found, row),
        lambda row: agenda.row_values(session, found, row),
        lambda row: agenda.what_if(session, found, row, {}),
        lambda row: call_files.identities(session, found, np.array([row])),
        lambda row: call_files.own_of(session, found, [row]),
        lambda row: call_files.phones_of(session, found, np.array([row])),
        lambda row: reviews.ask(session, found, row, "pediu", ANA),
    ]
    for ask in asked:
        ask(own)
        with refused(PresencaError):
            ask(theirs)
    lines = agenda.standing(session, found)
    assert not len(agenda.bookings(session, found, lines, theirs, ListFilters()).lines)


def test_an_event_of_another_unit_is_refused(clinic: Clinic, known: Known) -> None:
    session, series = clinic.own, clinic.series
    theirs = next(one for one in contacts.contacts(clinic.whole, series) if known.of_key[one.key] == clinic.other)
    review = next(one for one in reviews.of(clinic.whole, series) if known.of_key[one.key] == clinic.other)
    own = next(one for one in contacts.contacts(session, series))
    before = len(clinic.whole.workspace.contacts(series))
    asked: list[Callable[[], object]] = [
        lambda: contacts.record(session, series, _call(theirs.patient, theirs.key), ANA),
        lambda: contacts.record(session, series, _call(own.patient, own.key, theirs.key), ANA),
        lambda: contacts.record(session, series, _call(own.patient, "0123456789abcdef"), ANA),
        lambda: contacts.take_in(session, series, _call(own.patient, own.key, theirs.key), ANA),
        lambda: contacts.take_in(session, series, _call(own.patient, own.key, "0123456789abcdef"), ANA),
        lambda: contacts.undo(session, series, theirs.call, ANA),
        lambda: contacts.override(session, series, theirs.key, 0.5, "soube", ANA),
        lambda: reviews.decide(session, series, review.id, None, "visto", ANA),
    ]
    for ask in asked:
        with pytest.raises(PresencaError) as caught:
            ask()
        assert caught.value.note.code == "session.other_unit"
    assert len(clinic.whole.workspace.contacts(series)) == before
    assert contacts.record(session, series, _call(own.patient, own.key), ANA) == 1
    contacts.undo(session, series, "abcdefghijkl", ANA)
    assert {known.of_key[one.key] for one in contacts.call_lately(session, series, ANA)} <= {clinic.unit}


def _call(patient: str, *keys: str) -> CallTold:
    return CallTold(patient, tuple((key, ContactOutcome.NO_ANSWER) for key in keys), "abcdefghijkl")


def test_whom_nobody_calls(clinic: Clinic, known: Known) -> None:
    session, series, whole = clinic.own, clinic.series, clinic.whole
    theirs = next(name for name, units in known.of_patient.items() if units == {clinic.other})
    own = next(name for name, units in known.of_patient.items() if clinic.unit in units)
    if OwnRows(session).is_patient(series, theirs):  # has been to theirs before
        theirs = "0" * 16
    foreign = [
        Never(NeverKind.UNIT, clinic.other),
        Never(NeverKind.PATIENT, theirs),
        Never(NeverKind.PROCEDURE, "Consulta"),
    ]
    for one in foreign:
        with refused(PresencaError):
            contacts.set_never(session, series, one, never=True)
        contacts.set_never(whole, series, one, never=True)
    mine = Never(NeverKind.PATIENT, own)
    contacts.set_never(session, series, mine, never=True)
    assert set(contacts.never(session, series)) == {foreign[2], mine} < set(contacts.never(whole, series))
    for one in (*foreign, mine):
        contacts.set_never(whole, series, one, never=False)


def test_those_who_wait(clinic: Clinic) -> None:
    session, series = clinic.own, clinic.series
    whole, own = waiting.entries(clinic.whole, series), waiting.entries(session, series)
    assert {fold(one.unit) for one in own} - {""} == {fold(clinic.unit)} < {fold(one.unit) for one in whole}
    slot = next(one for one in refill.emptied(clinic.whole, clinic.found.dataset_id, with_taken=True))
    asked = refill.candidates(session, clinic.found.dataset_id, replace(slot, unit=clinic.other, procedure=""))
    assert {fold(one.unit) for one in asked} <= {""}
    named = waiting.patients(session, series, whole)
    assert set(named) == {one.key for one in own} < set(waiting.patients(clinic.whole, series, whole))
    forged = replace(own[0], row=next(one.row for one in whole if one not in own))
    assert waiting.patients(session, series, [forged]) == {}


def test_a_slot_of_another_unit_is_refused(clinic: Clinic) -> None:
    data = clinic.found.dataset_id
    theirs = next(one for one in refill.offers(clinic.whole, data) if one.slot.unit == clinic.other)
    with refused(PresencaError):
        refill.answer(clinic.own, data, theirs.id, theirs.state, expected_version=theirs.version)
    slot = next(one for one in refill.emptied(clinic.whole, data, with_taken=True) if one.unit == clinic.other)
    with refused(PresencaError):
        refill.make(clinic.own, data, slot, refill.candidates(clinic.whole, data, slot))


def test_downloads(clinic: Clinic) -> None:
    for told in (False, True):
        own, whole = (
            call_files.csv(session, clinic.found, ListFilters(), by_row=True, identified=told).decode("utf-8-sig")
            for session in (clinic.own, clinic.whole)
        )
        assert clinic.unit in own and clinic.other not in own and clinic.other in whole
    own, whole = (
        {json.loads(line)["identifier"][0]["value"] for line in told.splitlines()}
        for told in (call_files.fhir(session, clinic.found, ListFilters()) for session in (clinic.own, clinic.whole))
    )
    assert own < whole
    books = [call_files.xlsx(session, clinic.found, ListFilters()) for session in (clinic.own, clinic.whole)]
    cells = [set(pd.read_excel(io.BytesIO(book), header=None, dtype=str, engine="openpyxl").stack()) for book in books]
    assert clinic.other not in cells[0] and clinic.other in cells[1] and clinic.unit in cells[0]


def test_counts_are_of_their_rows(clinic: Clinic, known: Known) -> None:
    session, data, series = clinic.own, clinic.found.dataset_id, clinic.series
    found, whole = today.today(session, series), today.today(clinic.whole, series)
    assert found.calls is not None and found.slots is not None and whole.slots is not None
    assert {fold(unit) for unit, _ in found.slots.units} <= {fold(clinic.unit)} and found.files == ()
    assert 0 < found.ahead < whole.ahead and 0 < found.contacts < whole.contacts
    assert found.slots.waiting == len(waiting.entries(session, series)) < whole.slots.waiting
    assert found.calls.called == len({one.call for one in contacts.contacts(session, series)})
    assert 0 < refill.counts(session, data).slots < refill.counts(clinic.whole, data).slots
    board = slot_board.board(session, data, Wish(), size=500)
    assert {fold(one.slot.unit) for one in board.standing} <= {fold(clinic.unit)}
    late, every = slot_board.late_coming(session, data, days=90), slot_board.late_coming(clinic.whole, data, days=90)
    assert (late is None and every is None) or late.bookings < every.bookings  # type: ignore[union-attr]


def test_what_a_call_gains_is_kept_by_units(clinic: Clinic, known: Known) -> None:
    series_settings.set_money(clinic.whole, clinic.series, {}, 3.0, 0.2)
    whole = gains.paying(clinic.whole, clinic.found)
    own = gains.paying(clinic.own, clinic.found)
    assert whole is not None and own is not None and own != whole
    assert gains.paying(clinic.of(clinic.other), clinic.found) not in (own, whole)
    assert (gains.paying(clinic.own, clinic.found), gains.paying(clinic.whole, clinic.found)) == (own, whole)
    by_event = gains.of(clinic.own, clinic.found)
    assert by_event and {known.of_key[key] for key in by_event} == {clinic.unit}


def test_the_next_to_call_and_the_card_are_of_their_unit(clinic: Clinic, known: Known) -> None:
    tomorrow = clinic.whole.now() + dt.timedelta(days=1)
    ana, bia, whole = (
        replace(one, now=lambda: tomorrow) for one in (clinic.own, clinic.of(clinic.other), clinic.whole)
    )
    seen: list[str] = []
    for _ in range(50):
        one = call_queue.next_to_call(ana, clinic.series, ANA, but=seen)
        if one is None or one.patient in seen:
            break
        seen.append(one.patient)
        assert {known.of_key[key] for key in one.keys} == {clinic.unit}
        card = call_scripts.card(ana, clinic.series, clinic.found, one)
        assert card is None or {known.of_row[row] for row in card.rows} == {clinic.unit}
    assert seen and call_queue.being_called(whole, clinic.series) and call_queue.being_called(ana, clinic.series)
    if not OwnRows(bia).is_patient(clinic.series, seen[-1]):
        assert call_queue.being_called(bia, clinic.series) == ()
    call_queue.release(ana, clinic.series, ANA)


def test_a_list_of_other_units_is_not_theirs(clinic: Clinic) -> None:
    made = call_queue.latest(clinic.own, clinic.series)
    with pytest.MonkeyPatch.context() as patch:
        others = [replace(made, id="f" * 12, units=(clinic.other,)), made]  # type: ignore[type-var]
        patch.setattr(type(clinic.whole.workspace), "call_lists", lambda *_: others)
        assert call_queue.latest(clinic.own, clinic.series) == made
        assert call_queue.latest(clinic.of(clinic.other), clinic.series) == others[0]


def test_names_that_no_file_has_see_nothing_and_say_so(clinic: Clinic) -> None:
    for unit in ("Unidade que não há", "???"):
        session = clinic.of(unit)
        assert not len(agenda.kept(session, clinic.found)) and contacts.contacts(session, clinic.series) == ()
        with pytest.raises(PresencaError) as caught:
            agenda.score(session, clinic.found.dataset_id, clinic.found.model_id)
        assert caught.value.note.code == "session.nothing_of_units"


def test_what_a_scoped_person_scores_first_is_whole_for_the_next(clinic: Clinic) -> None:
    day = clinic.found.as_of - dt.timedelta(days=1)
    own = agenda.score(clinic.own, clinic.found.dataset_id, clinic.found.model_id, day)
    whole = agenda.score(clinic.whole, clinic.found.dataset_id, clinic.found.model_id, day)
    assert own.as_of == whole.as_of and len(own.units) == 1 < len(whole.units)
    assert own.counts.listed < whole.counts.listed and own.summary.rows < whole.summary.rows
