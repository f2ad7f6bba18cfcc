"""From a waiting list to a slot that is filled, in a workspace: pseudonyms only, nothing doubled, one slot for one."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import queue
import shutil
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.errors import MissingFields, PresencaError, WorkspaceError
from pipeline.products.no_show import PRODUCT
from pipeline.records import Recipe, Role, Step, StepKind, User
from pipeline.records.contacts import Caller, CallList, CallTold, ContactOutcome, ListEntry, QueueSettings
from pipeline.records.slots import EmptiedSlot, Offer, OfferState, WaitingChange
from pipeline.services import Workspace
from pipeline.services.data import datasets, event_keys, fixing, placing, waiting
from pipeline.services.data.placing import Into
from pipeline.services.pages import contacts, refill, today
from pipeline.services.session import Session
from tests.pipeline.services.pages.agenda_home import kept_agenda
from tests.pipeline.workspace.made import at_rest
from tests.refusals import refused

NOW = dt.datetime(2026, 5, 1, 9, tzinfo=dt.timezone(dt.timedelta(hours=-3)))
AGENDA = b"""Id do paciente;Data de contato;Data do agendamento;Status;Procedimento;Unidade;Sexo
39053344705;01/04/2026;04/05/2026 09:00;Cancelado;Ultrassom;Centro;F
11144477735;01/04/2026;04/05/2026 09:30;Agendado;Ultrassom;Centro;M
52998224725;01/04/2026;04/05/2026 10:00;Cancelado;Ultrassom;Centro;F
15350946056;02/04/2026;04/05/2026 10:00;Agendado;Ultrassom;Centro;M
86288366757;01/04/2026;05/05/2026 14:00;Cancelado;Consulta;Norte;F
71428793860;01/04/2026;20/04/2026 09:00;Cancelado;Ultrassom;Centro;M
"""
LIST = """Id do paciente;Na fila desde;Procedimento;Unidade;Dias em que pode;Turno;Situação na fila
98765432100;01/03/2026;Ultrassom;Centro;segunda;manhã;Aguardando
12345678909;01/02/2026;Ultrassom;Centro;;;Aguardando
12345678909;01/02/2026;Ultrassom;Centro;;;Aguardando
22233344405;01/01/2026;Ultrassom;Centro;;tarde;Aguardando
33322211100;01/01/2026;Ultrassom;Centro;;;Desistiu
44455566677;15/03/2026;Ultrassom;Centro;;;Aguardando
;01/01/2026;Ultrassom;Centro;;;Aguardando
""".encode()
ACCEPTED, DECLINED = OfferState.ACCEPTED, OfferState.DECLINED


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A home with the agenda in it, and its id; each test works on a copy."""
    home = tmp_path_factory.mktemp("refill") / "home"
    with kept_agenda(home, AGENDA, NOW) as (_, info):
        return home, info.id


@pytest.fixture
def session(prepared: tuple[Path, str], workspace_home: Path) -> Session:
    shutil.copytree(prepared[0], workspace_home)
    return Session(Workspace(), now=lambda: NOW)


@pytest.fixture
def dataset(prepared: tuple[Path, str], session: Session) -> str:
    return prepared[1]


def series(session: Session, dataset: str) -> str:
    return session.workspace.dataset(dataset).series


def offered(session: Session, dataset: str) -> tuple[EmptiedSlot, tuple[Offer, ...]]:
    """The list sent, and the first slot offered to all who match."""
    waiting.upload(session, series(session, dataset), LIST, "fila.csv")
    slot = refill.emptied(session, dataset)[0]
    return slot, refill.make(session, dataset, slot, refill.candidates(session, dataset, slot))


def test_a_list_is_read_and_every_row_accounted_for(session: Session, dataset: str) -> None:
    before = waiting.checked(session, series(session, dataset), LIST, "fila.csv")
    assert waiting.of(session, series(session, dataset)) is None
    found = waiting.upload(session, series(session, dataset), LIST, "fila.csv")
    assert (before.rows, before.waiting, before.left_out) == (found.rows, found.waiting, found.left_out)
    assert (found.rows, found.waiting, found.over, found.repeated) == (7, 4, 1, 1)
    assert found.left_out == (("patient_missing", 1),) and found.missing == ()
    assert found == waiting.of(session, series(session, dataset))
    assert found.vault_until == dt.date(2026, 5, 31)
    assert session.workspace.waiting_entries(series(session, dataset))[0].weekdays == (0,)


def test_a_list_sent_twice_doubles_nothing_and_identities_rest_sealed(session: Session, dataset: str) -> None:
    slot, made = offered(session, dataset)
    waiting.upload(session, series(session, dataset), LIST, "fila.csv")
    assert len(session.workspace.waiting_entries(series(session, dataset))) == 4
    assert refill.candidates(session, dataset, slot) == ()  # all were asked, as their waits are the same ones
    assert refill.make(session, dataset, slot, session.workspace.waiting_entries(series(session, dataset))) == ()
    resting = "".join(at_rest(session.workspace.home).values())
    assert "12345678909" not in resting and "98765432100" not in resting and made[0].patient in resting
    some = session.workspace.waiting_entries(series(session, dataset))[:2]
    assert list(waiting.patients(session, series(session, dataset), some).values()) == ["98765432100", "12345678909"]
    assert session.workspace.expire_waiting_sheets(dt.date(2026, 7, 1)) == 1
    assert waiting.patients(session, series(session, dataset), some) == {}


def test_slots_that_were_emptied_and_not_booked_again(session: Session, dataset: str) -> None:
    slots = refill.emptied(session, dataset)
    assert [(slot.day, slot.hour, slot.unit) for slot in slots] == [
        (dt.date(2026, 5, 4), 9.0, "Centro"),
        (dt.date(2026, 5, 5), 14.0, "Norte"),
    ]
    assert len(refill.emptied(session, dataset, dt.date(2026, 4, 1))) == 3


def test_too_many_emptied_slots_are_not_named_one_by_one_and_today_counts_them(
    session: Session, dataset: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    series_id = session.workspace.dataset(dataset).series
    told = today.today(session, series_id).slots
    monkeypatch.setattr(refill, "MOST_EMPTIED", 0)
    with refused(WorkspaceError, match="o servidor, que é de todos, lê até 0"):
        refill.emptied(session, dataset)
    assert told is not None and told.emptied == 2 and today.today(session, series_id).slots == told


def test_a_slot_that_was_called_off_on_the_phone_is_empty_until_that_is_taken_back(
    session: Session, dataset: str
) -> None:
    rows, anna = session.workspace.rows(dataset), Caller("mine", "Anna")
    at = rows.index[rows["state"].astype("str") == "pending"][0]
    key = event_keys.named(session, dataset)[int(rows["row"].iat[at])]
    told = CallTold(str(rows["patient_id"].iat[at]), ((key, ContactOutcome.CANCELLED),), "abcdef0123")
    assert contacts.record(session, series(session, dataset), told, anna) == 1
    (new,) = [slot for slot in refill.emptied(session, dataset) if slot.key == key]
    assert (new.hour, new.unit) == (9.5, "Centro")
    contacts.undo(session, series(session, dataset), "abcdef0123", anna)
    assert key not in {slot.key for slot in refill.emptied(session, dataset)}
    confirmed = CallTold(told.patient, ((key, ContactOutcome.CONFIRMED),), "abcdef0124")
    contacts.record(session, series(session, dataset), confirmed, anna)
    assert key not in {slot.key for slot in refill.emptied(session, dataset)}


@pytest.fixture
def moved(session: Session, dataset: str) -> str:
    """The key of an event that a call moved."""
    rows, own = session.workspace.rows(dataset), series(session, dataset)
    at = rows.index[rows["state"].astype("str") == "pending"][0]
    key, patient = event_keys.named(session, dataset)[int(rows["row"].iat[at])], str(rows["patient_id"].iat[at])
    session.workspace.add_call_list(
        CallList("a" * 12, own, dataset, "1" * 12, NOW.date(), NOW, QueueSettings()),
        [ListEntry(key, patient, "contact", 0.5, dt.date(2026, 5, 4))],
    )
    told = CallTold(patient, ((key, ContactOutcome.RESCHEDULED),), "abcdef0123", list_id="a" * 12)
    contacts.record(session, own, told, Caller("mine", "Anna"))
    return key


def told_again(session: Session, dataset: str, now: str) -> str:
    """The agenda sent again, with the moved appointment as it is now."""
    before = b"04/05/2026 09:30;Agendado;Ultrassom;Centro"
    assert before in AGENDA
    later = AGENDA.replace(before, now.encode()) + b"\n"
    into = Into(series=series(session, dataset))
    return datasets.keep(session, PRODUCT.key, later, "agenda nova.csv", into=into).id


def hours(session: Session, dataset: str, key: str) -> list[float | None]:
    return [slot.hour for slot in refill.emptied(session, dataset) if slot.key == key]


@pytest.mark.parametrize(("hour", "free"), [("09:30", []), ("11:00", [9.5])])
def test_what_was_moved_on_the_phone_is_empty_until_a_file_tells_of_it_again(
    session: Session, dataset: str, moved: str, hour: str, free: list[float]
) -> None:
    assert hours(session, dataset, moved) == [9.5]
    newer = told_again(session, dataset, f"04/05/2026 {hour};Agendado;Ultrassom;Centro")
    assert moved in event_keys.named(session, newer).values()
    assert hours(session, newer, moved) == free
    assert hours(session, dataset, moved) == [9.5]


def test_who_is_of_the_unit_it_was_moved_to_is_not_told_of_the_slot_it_left(
    session: Session, dataset: str, moved: str
) -> None:
    newer = told_again(session, dataset, "04/05/2026 11:00;Agendado;Ultrassom;Norte")
    of_norte = replace(session, user=User("u" * 12, "eva", "Eva", Role.ATTENDANT, ("Norte",)))
    assert hours(session, newer, moved) == [9.5]
    assert hours(of_norte, newer, moved) == []


def test_who_waited_longest_is_asked_first_and_the_first_yes_has_it(session: Session, dataset: str) -> None:
    slot, made = offered(session, dataset)
    asked = {entry.key: entry for entry in session.workspace.waiting_entries(series(session, dataset))}
    assert sorted(asked[offer.entry].since.month for offer in made) == [
        2,
        3,
        3,
    ]  # not who can come in the afternoon only
    won = refill.answer(session, dataset, made[0].id, ACCEPTED, expected_version=0)
    assert won.state is ACCEPTED
    assert slot.key not in {other.key for other in refill.emptied(session, dataset)}
    assert {offer.state for offer in refill.offers(session, dataset)[1:]} == {OfferState.WITHDRAWN}
    counted = refill.counts(session, dataset)
    assert (counted.slots, counted.filled) == (1, 1)
    with pytest.raises(WorkspaceError) as error:
        refill.answer(session, dataset, made[0].id, DECLINED, expected_version=0)
    assert error.value.note.code == "offer.changed_elsewhere"
    with pytest.raises(PresencaError) as taken:
        refill.make(session, dataset, slot, refill.candidates(session, dataset, slot))
    assert taken.value.note.code == "offer.slot_taken"


def test_offers_run_out_and_what_was_counted_plans_the_next(session: Session, dataset: str) -> None:
    waiting.upload(session, series(session, dataset), LIST, "fila.csv")
    slot = refill.emptied(session, dataset)[0]
    before = refill.plan(session, dataset, slot, 0.9)
    assert (before.offers, before.enough) == (3, False)
    some = refill.candidates(session, dataset, slot, most=1, by="sex")
    refill.make(session, dataset, slot, some, until=NOW - dt.timedelta(hours=1))
    assert [offer.state for offer in refill.offers(session, dataset)] == [OfferState.EXPIRED]
    assert refill.counts(session, dataset).acceptance is not None
    assert refill.plan(session, dataset, slot, 0.9).offers == 2


def test_a_list_without_patients_is_refused_and_a_product_without_one_says_so(session: Session, dataset: str) -> None:
    with pytest.raises(MissingFields):
        waiting.upload(session, series(session, dataset), b"Procedimento;Unidade\nUltrassom;Centro\n", "fila.csv")
    with pytest.raises(PresencaError):
        waiting.declared("satisfaction")
    assert waiting.preview(session, PRODUCT.key, LIST, "fila.csv")[0].field == "patient_id"


def test_deleting_data_takes_the_list_and_the_offers_with_it(session: Session, dataset: str) -> None:
    offered(session, dataset)
    own = series(session, dataset)
    waiting.delete(session, own)
    assert waiting.of(session, own) is None and session.workspace.offers(own)
    datasets.delete(session, dataset)
    assert session.workspace.offers(own) == ()


def _accept(dataset: str, offer_id: str, gate, told) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    session = Session(Workspace(), now=lambda: NOW)
    gate.wait()
    try:
        refill.answer(session, dataset, offer_id, ACCEPTED, expected_version=0)
        told.put("accepted")
    except PresencaError as error:
        told.put(error.note.code)


def test_two_browsers_that_accept_the_same_slot_at_once(session: Session, dataset: str) -> None:
    _, made = offered(session, dataset)
    gate, told = threading.Barrier(2), queue.Queue[str]()
    both = [threading.Thread(target=_accept, args=(dataset, offer.id, gate, told)) for offer in made[:2]]
    for one in both:
        one.start()
    for one in both:
        one.join()
    _one_won(session, dataset, [told.get(), told.get()])


def test_no_change_of_ours_lets_two_have_a_slot(session: Session, dataset: str) -> None:
    _, made = offered(session, dataset)
    for offer, code in zip(made, ("", "offer.slot_taken"), strict=False):
        try:  # a change that looks at nothing: the records themselves refuse it
            session.workspace.change_offer(
                series(session, dataset), offer.id, lambda found, _: replace(found, state=ACCEPTED), actor="person"
            )
            assert not code
        except WorkspaceError as error:
            assert error.note.code == code


@pytest.mark.slow
def test_two_processes_that_accept_the_same_slot(session: Session, dataset: str) -> None:
    _, made = offered(session, dataset)
    context = multiprocessing.get_context("spawn")
    gate, told = context.Barrier(2), context.Queue()
    both = [context.Process(target=_accept, args=(dataset, offer.id, gate, told)) for offer in made[:2]]
    for one in both:
        one.start()
    answers = [told.get(timeout=60) for _ in both]
    for one in both:
        one.join()
    _one_won(session, dataset, answers)


def _one_won(session: Session, dataset: str, answers: list[str]) -> None:
    won, lost = sorted(answers)
    assert won == "accepted" and lost in ("offer.slot_taken", "offer.not_next", "offer.changed_elsewhere")
    assert [offer.state for offer in session.workspace.offers(series(session, dataset))].count(ACCEPTED) == 1


def test_offers_follow_their_slot_through_repairs_and_into_another_series(session: Session, dataset: str) -> None:
    """A repair of what was booked gives its event another key; the offer is of the same slot still."""
    slot, made = offered(session, dataset)
    refill.answer(session, dataset, made[0].id, ACCEPTED, expected_version=0)
    fixing.apply(session, dataset, (Step(StepKind.VALUE, "procedure", "Ultrassom", "Ecografia"),))
    (now,) = {offer.slot.key for offer in refill.offers(session, dataset)}
    assert now in event_keys.named(session, dataset).values()
    assert now != slot.key and refill.counts(session, dataset).filled == 1
    assert now not in {free.key for free in refill.emptied(session, dataset)}  # taken, under the key of today
    fixing.undo(session, dataset, 0)
    assert {offer.slot.key for offer in refill.offers(session, dataset)} == {slot.key}
    moved = placing.move(session, dataset, Into(name="Clínica B"))
    assert {offer.slot.key for offer in session.workspace.offers(moved.id)} == {slot.key}


def test_a_list_read_with_wrong_columns_is_read_again_with_the_right_ones(session: Session, dataset: str) -> None:
    own = series(session, dataset)
    odd = LIST.replace(b"Procedimento;Unidade", b"Unidade;Procedimento")
    first = waiting.upload(session, own, odd, "fila.csv")
    assert first.change is None and {one.unit for one in waiting.entries(session, own)} == {"Ultrassom"}
    shown = waiting.preview_kept(session, own)
    assert [match.field for match in shown[:2]] == ["patient_id", "since"] and not any(m.preview for m in shown)
    right = Recipe.of({"procedure": "Unidade", "unit": "Procedimento"})
    assert waiting.checked_again(session, own, right).change == WaitingChange(4, 4, 0)
    again = waiting.read_again(session, own, right)
    assert again.columns == right.columns and again.waiting == first.waiting and again.name == "fila.csv"
    assert {one.unit for one in waiting.entries(session, own)} == {"Centro"}
    assert waiting.known_columns(session, own, shown) == right.choice  # for the next list with these headers
    assert waiting.known_columns(session, own, shown[:2]) == {}
    assert waiting.upload(session, own, odd, "fila.csv", right).change == WaitingChange(0, 0, 4)
    session.workspace.expire_waiting_sheets(dt.date(2099, 1, 1))
    with refused(PresencaError, match="já foi apagada"):
        waiting.read_again(session, own, right)
