"""A morning of calls in a workspace: a list is made, callers share it, outcomes come back in a file sent twice, and the
model isn't measured on whoever was called.
"""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline import services
from pipeline.errors import PresencaError
from pipeline.ingestion.reading.reader import read
from pipeline.modeling.contacted import CONTACTED
from pipeline.products.no_show import PRODUCT
from pipeline.records.contacts import (
    Barrier,
    Caller,
    CallTold,
    Channel,
    Compared,
    ComparedKind,
    ContactOutcome,
    Mute,
    Never,
    NeverKind,
    QueueSettings,
    QueueState,
)
from pipeline.services.data import contacted, datasets, event_keys, placing, series_settings
from pipeline.services.data.placing import Into
from pipeline.services.models import models
from pipeline.services.pages import (
    agenda,
    call_queue,
    call_scripts,
    contact_files,
    contacts,
    outcome_uploads,
)
from pipeline.services.pages.agenda import Agenda
from pipeline.services.session import Session
from pipeline.workspace.audit import entries
from tests.conftest import TEST_KEY
from tests.refusals import refused
from tests.toy.house import move_in

ANA, BIA = Caller("ana-1", "Ana"), Caller("bia-1", "Bia")
CONFIRMED, NO_ANSWER = ContactOutcome.CONFIRMED, ContactOutcome.NO_ANSWER
WIDE = QueueSettings(people=2, calls_a_day=10, days_ahead=30)
CALL = "0123456789ab"


@pytest.fixture(scope="module")
def once(missed_home: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Agenda]:
    """A workspace whose agenda was scored, and that agenda."""
    home = tmp_path_factory.mktemp("scored") / "home"
    shutil.copytree(missed_home[1], home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRESENCA_KEY", TEST_KEY)
        patch.setenv("PRESENCA_HOME", str(home))
        move_in(patch, missed_home[0], PRODUCT)
        space = services.open_workspace()
        future = next(d for d in datasets.datasets(space, PRODUCT.key) if d.purpose == "future")
        found = agenda.score(space, future.id, models.models(space, PRODUCT.key)[0].id)
        space.close()
    return home, found


@pytest.fixture
def session(
    once: tuple[Path, Agenda], missed_home: tuple[Path, Path], workspace_home: Path, monkeypatch: pytest.MonkeyPatch
) -> Session:
    move_in(monkeypatch, missed_home[0], PRODUCT)
    shutil.copytree(once[0], workspace_home)
    return Session(services.open_workspace())


@pytest.fixture
def scored(once: tuple[Path, Agenda]) -> Agenda:
    return once[1]


@pytest.fixture
def series(session: Session) -> str:
    return session.workspace.series(PRODUCT.key)[0].id


@pytest.fixture
def made(session: Session, scored: Agenda, series: str) -> call_queue.MadeList:
    series_settings.set_calls(session, series, WIDE)
    return call_queue.make_list(session, scored)


def told(patient: str, keys: tuple[str, ...], outcome: ContactOutcome = CONFIRMED, call: str = CALL) -> CallTold:
    return CallTold(patient, tuple((key, outcome) for key in keys), call, note="Ela atende no (27) 99876-1234.")


def later(session: Session, **step: float) -> Session:
    moment = session.now() + dt.timedelta(**step)
    return replace(session, now=lambda: moment)


def test_a_list_holds_as_many_as_can_be_called_and_accounts_for_the_rest(
    session: Session, scored: Agenda, series: str, made: call_queue.MadeList
) -> None:
    listed = session.workspace.call_list_entries(made.made.id)
    assert made.to_call == 20 == len({one.patient for one in listed}) and {one.arm for one in listed} == {"contact"}
    assert len(listed) + sum(n for _, n in made.left_out) == len(agenda.kept(session, scored))
    risks = [one.risk for one in listed]
    assert max(risks) == risks[0] and {one.stratum for one in listed} == {1, 2, 3, 4}
    found = call_queue.queue(session, series)
    assert found is not None and found.waiting == 20 and found.counts.today == 20 and found.counts.called_today == 0
    with refused(PresencaError):
        series_settings.set_calls(session, series, replace(WIDE, people=0))


def test_a_share_is_left_uncalled_by_chance_and_stays_so(session: Session, scored: Agenda, series: str) -> None:
    series_settings.set_calls(session, series, replace(WIDE, control_share=0.2, days_ahead=10))
    made = call_queue.make_list(session, scored)
    arms = {one.patient: one.arm for one in session.workspace.call_list_entries(made.made.id)}
    assert made.control == sum(arm == "control" for arm in arms.values()) == round(0.2 * len(arms))
    found = call_queue.queue(session, series)
    assert found is not None and found.waiting == made.to_call
    apart = {one.patient for one in found.entries if one.state is QueueState.CONTROL}
    assert apart == {name for name, arm in arms.items() if arm == "control"}
    again = call_queue.make_list(session, scored)
    assert {one.patient: one.arm for one in session.workspace.call_list_entries(again.made.id)} == arms


def test_two_callers_share_a_list_and_nothing_is_doubled(
    session: Session, scored: Agenda, series: str, made: call_queue.MadeList
) -> None:
    first, second = (call_queue.next_to_call(session, series, who) for who in (ANA, BIA))
    assert first is not None and second is not None and first.patient != second.patient
    assert [one.who for one in call_queue.being_called(session, series, but=ANA)] == ["Bia"]
    assert call_queue.next_to_call(session, series, ANA) == first  # the page is drawn again: the same patient
    lines, keys = call_queue.appointments(session, scored, first.patient)
    assert set(first.keys) <= set(keys) and len(lines) == len(keys)

    assert contacts.record(session, series, told(first.patient, keys), ANA) == len(keys)
    assert contacts.record(session, series, told(first.patient, keys), ANA) == 0  # sent twice
    kept = contacts.contacts(session, series)
    assert len(kept) == len(keys) and "[telefone]" in kept[0].note and kept[0].who == "Ana"
    found = call_queue.queue(session, series)
    assert found is not None and found.counts.called_today == 1 and found.counts.of(QueueState.DONE) == 1
    after = call_queue.next_to_call(session, series, ANA)
    assert after is not None and after.patient not in (first.patient, second.patient)
    passed = call_queue.next_to_call(session, series, ANA, but=[after.patient])
    assert passed is not None and passed.patient not in (first.patient, second.patient, after.patient)
    assert {one.facts.get("series") for one in entries(session.workspace) if one.action == "contact_recorded"} == {
        series
    }


def test_a_call_about_an_appointment_of_another_patient_is_refused(
    session: Session, series: str, made: call_queue.MadeList
) -> None:
    listed = session.workspace.call_list_entries(made.made.id)
    one, other = listed[0], next(entry for entry in listed if entry.patient != listed[0].patient)
    for patient, keys in ((one.patient, (one.key, other.key)), ("alguém", (one.key,)), (f"={other.key}", (one.key,))):
        with refused(PresencaError, match="outro paciente"):
            contacts.record(session, series, told(patient, keys), ANA)
    assert contacts.contacts(session, series) == ()
    assert contacts.record(session, series, told(one.patient, (one.key,)), ANA) == 1


def test_a_call_is_taken_back_within_a_minute_and_not_later(
    session: Session, series: str, made: call_queue.MadeList
) -> None:
    one = call_queue.next_to_call(session, series, ANA)
    assert one is not None
    contacts.record(session, series, told(one.patient, one.keys), ANA)
    assert [found.key for found in contacts.call_lately(session, series, ANA)] == list(one.keys)
    with refused(PresencaError, match="minuto"):
        contacts.undo(later(session, seconds=90), series, CALL, ANA)
    assert contacts.undo(session, series, CALL, ANA) and not contacts.undo(session, series, CALL, ANA)
    assert contacts.contacts(session, series) == () and contacts.call_lately(session, series, ANA) == ()
    assert call_queue.next_to_call(session, series, ANA) == one
    with refused(PresencaError):
        contacts.undo(session, series, "nobodyscall", ANA)


def test_no_answer_comes_back_and_a_lease_runs_out(session: Session, series: str, made: call_queue.MadeList) -> None:
    one = call_queue.next_to_call(session, series, ANA)
    assert one is not None
    assert call_queue.renew(later(session, minutes=5), series, one.patient, ANA)
    assert not call_queue.renew(later(session, minutes=5), series, one.patient, BIA)
    assert call_queue.renew(later(session, minutes=16), series, one.patient, BIA)
    contacts.record(session, series, told(one.patient, one.keys, NO_ANSWER), BIA)
    states = {e.patient: e.state for e in call_queue.queue(session, series).entries}  # type: ignore[union-attr]
    assert states[one.patient] is QueueState.LATER
    assert call_queue.next_to_call(later(session, hours=4), series, ANA) == replace(one, attempts=1)


def test_who_is_never_called_leaves_at_once_and_is_in_no_other_list(
    session: Session, scored: Agenda, series: str, made: call_queue.MadeList
) -> None:
    one = call_queue.next_to_call(session, series, ANA)
    assert one is not None
    contacts.set_never(session, series, Never(NeverKind.PATIENT, one.patient), never=True)
    after = call_queue.queue(session, series)
    assert after is not None and after.counts.of(QueueState.NEVER) == 1
    again = call_queue.make_list(session, scored)
    assert one.patient not in {e.patient for e in session.workspace.call_list_entries(again.made.id)}
    assert [found.kind for found in contacts.never(session, series)] == [NeverKind.PATIENT]


def test_a_reached_patient_is_left_alone_and_a_risk_set_by_hand_counts(
    session: Session, scored: Agenda, series: str, made: call_queue.MadeList
) -> None:
    one = call_queue.next_to_call(session, series, ANA)
    assert one is not None
    contacts.override(session, series, one.keys[0], 0.0, "Mora ao lado.", ANA)
    second = call_queue.next_to_call(session, series, BIA)
    assert second is not None
    contacts.record(session, series, told(second.patient, second.keys), BIA)
    assert second.patient not in {
        e.patient for e in session.workspace.call_list_entries(call_queue.make_list(session, scored).made.id)
    }
    with refused(PresencaError):
        contacts.override(session, series, one.keys[0], 0.5, " ", ANA)


def _file(session: Session, scored: Agenda, series: str, made: call_queue.MadeList) -> bytes:
    keys = [one.key for one in session.workspace.call_list_entries(made.made.id)][:3]
    raw = session.workspace.raw(scored.dataset_id)
    assert raw is not None
    ids, days = raw.column("ID único do paciente").to_pylist(), raw.column("Data do agendamento").to_pylist()
    lines = [
        f"{keys[0]};;;Confirmou;WhatsApp;Esqueceu",
        f"{keys[1]};;;não atendeu;;",
        f";{ids[5]};{days[5]};desmarcou;ligação;trabalho",
        f"{keys[2]};;;;;",
        f"{keys[2]};;;talvez;;",
        "00000000000000ff;;;confirmou;;",
        f";{ids[5]};01/01/2030;confirmou;;",
        ";;;confirmou;;",
    ]
    return "\n".join(["evento;paciente;data;resultado;canal;barreira", *lines]).encode()


def test_a_file_of_outcomes_sent_twice_doubles_nothing(
    session: Session, scored: Agenda, series: str, made: call_queue.MadeList
) -> None:
    file = _file(session, scored, series, made)
    first, second = (outcome_uploads.upload(session, series, file, "retorno.csv") for _ in range(2))
    assert (first.lines, first.new, first.known, first.empty) == (8, 3, 0, 1)
    assert (second.lines, second.new, second.known, second.empty) == (8, 0, 3, 1)
    assert [(one.line, one.why) for one in first.unmatched] == [
        (6, "unknown_outcome"),
        (7, "unknown_event"),
        (8, "unknown_patient_or_day"),
        (9, "no_event"),
    ]
    kept = contacts.contacts(session, series)
    assert {(one.channel, one.outcome, one.barrier) for one in kept} == {
        (Channel.WHATSAPP, CONFIRMED, Barrier.FORGOT),
        (Channel.CALL, NO_ANSWER, None),
        (Channel.CALL, ContactOutcome.CANCELLED, Barrier.WORK),
    }
    for bad in ("evento;canal\n1;sms", "resultado;canal\nsim;sms"):
        with refused(PresencaError, match="coluna"):
            outcome_uploads.upload(session, series, bad.encode(), "x.csv")


def test_whoever_was_sought_before_neither_teaches_nor_measures(
    session: Session, scored: Agenda, series: str, made: call_queue.MadeList
) -> None:
    outcome_uploads.upload(session, series, _file(session, scored, series, made), "retorno.csv")
    rows = session.workspace.rows(scored.dataset_id)
    mask = contacted.mask(session, scored.dataset_id, rows, PRODUCT)
    keys = event_keys.named(session, scored.dataset_id)
    sought = {one.key for one in contacts.contacts(session, series)}  # also where nobody answered
    assert {keys[row] for row in rows["row"].to_numpy()[mask].tolist()} == sought and mask.sum() >= 2
    assert contacted.rows(session, scored.dataset_id)[CONTACTED].to_numpy().tolist() == mask.tolist()


def test_it_moves_with_its_file_and_goes_with_it(
    session: Session, scored: Agenda, series: str, made: call_queue.MadeList
) -> None:
    one = call_queue.next_to_call(session, series, ANA)
    assert one is not None
    contacts.record(session, series, told(one.patient, one.keys), ANA)
    contacts.set_never(session, series, Never(NeverKind.PATIENT, one.patient), never=True)
    other = placing.move(session, scored.dataset_id, Into(name="Outra"))
    assert len(contacts.contacts(session, other.id)) == len(one.keys) and contacts.contacts(session, series) == ()
    assert call_queue.latest(session, other.id) is not None and call_queue.latest(session, series) is None
    datasets.erase_raw(session, scored.dataset_id)
    assert [found.note for found in contacts.contacts(session, other.id)] == [""] * len(one.keys)
    datasets.delete(session, scored.dataset_id)
    assert session.workspace.contacts(other.id) == () and session.workspace.call_lists(other.id) == ()


def test_a_card_tells_the_booking_and_nothing_of_the_person(
    session: Session, scored: Agenda, series: str, made: call_queue.MadeList
) -> None:
    said: list[str] = []
    for one in call_queue.queue(session, series).entries[:8]:  # type: ignore[union-attr]
        card = call_scripts.card(session, series, scored, one, who="Ana\u202e {dia}")
        assert card is not None and {a.key for a in card.appointments} >= set(one.keys)
        assert "aqui é Ana {dia}" in card.script and "{hora}" not in card.script and "{unidade}" not in card.script
        assert "{clinica}" not in card.script and f"da {session.workspace.one_series(series).name}" in card.script
        said += card.circumstances
    neutral = dict(PRODUCT.contacts.neutral)  # type: ignore[union-attr]
    assert neutral["history"] in said and any(text.startswith("Antecedência") for text in said)
    assert not [text for text in said if "falta" in text or "Idade" in text or "Sexo" in text or "Convênio" in text]
    assert call_scripts.card(session, series, scored, replace(one, patient="NOBODY")) is None


OTHER_TEXT = "Oi! É da {clinica}: {procedimento} em {dia}. Posso confirmar?"
TEXTS = Compared(ComparedKind.WORDING, "", OTHER_TEXT, 0.4)
WAYS = Compared(ComparedKind.CHANNEL, str(Channel.CALL), str(Channel.WHATSAPP))


def test_two_texts_are_drawn_against_each_other_and_each_caller_says_the_patients_own(
    session: Session, scored: Agenda, series: str
) -> None:
    series_settings.set_calls(session, series, replace(WIDE, control_share=0.2, compared=TEXTS))
    made = call_queue.make_list(session, scored).made
    drawn = {one.patient: (one.arm, one.way) for one in session.workspace.call_list_entries(made.id)}
    ways = [way for arm, way in drawn.values() if arm == "contact"]
    assert {way for arm, way in drawn.values() if arm == "control"} == {0}
    assert set(ways) == {1, 2} and abs(ways.count(2) - 0.4 * len(ways)) <= 1
    found = call_queue.queue(session, series)
    assert found is not None and found.made.settings.compared == TEXTS
    free = [one for one in found.entries if one.state is QueueState.WAITING]
    for one in free:
        card = call_scripts.card(session, series, scored, one, found.made.settings.compared)
        assert card is not None and card.channel is None and one.way == drawn[one.patient][1]
        assert card.script.startswith("Oi! É da") == (one.way == 2) and "{dia}" not in card.script
    told_ = read(contact_files.center_csv(session, found)).table.column("o que dizer").to_pylist()
    assert told_ and not [text for text in told_ if "{clinica}" in text or "{atendente}" in text]
    assert [text.startswith("Oi! É da") for text in told_] == [one.way == 2 for one in free]

    again = call_queue.make_list(session, scored).made
    assert {one.patient: (one.arm, one.way) for one in session.workspace.call_list_entries(again.id)} == drawn
    series_settings.set_calls(session, series, replace(WIDE, control_share=0.2))
    plain = call_queue.make_list(session, scored).made
    assert {one.way for one in session.workspace.call_list_entries(plain.id)} == {0}


@pytest.mark.slow  # two texts are drawn alike
def test_two_channels_are_drawn_and_go_to_the_file_that_can_serve_them(
    session: Session, scored: Agenda, series: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    series_settings.set_calls(session, series, replace(WIDE, compared=WAYS))
    made = call_queue.make_list(session, scored).made
    found = call_queue.queue(session, series)
    assert found is not None
    cards = [call_scripts.card(session, series, scored, one, made.settings.compared) for one in found.entries]
    channels = [card.channel for card in cards if card is not None]
    assert channels.count(Channel.CALL) == channels.count(Channel.WHATSAPP) == len(found.entries) // 2
    written = [card for card in cards if card is not None and card.channel is Channel.WHATSAPP]
    assert all("Responda 1" in card.script for card in written)  # what is written is no call's script
    center = read(contact_files.center_csv(session, found)).table
    assert center.column("falar por").to_pylist() == [
        "WhatsApp" if one is Channel.WHATSAPP else "ligação" for one in channels
    ]
    rows: list[int] = []

    def phones(session: Session, scored: Agenda, asked: np.ndarray) -> tuple[pd.DataFrame, list[str]]:
        rows.extend(asked.tolist())
        return pd.DataFrame({"telefone": ["27998761234"] * len(asked)}), ["telefone"]

    monkeypatch.setattr(contact_files.call_files, "phones_of", phones)
    assert read(contact_files.messages_csv(session, found)).table.num_rows == len(written) == len(rows)
    assert set(rows) <= {row for card in written for row in card.rows}


@pytest.mark.parametrize(
    ("odd", "why"),
    [
        (replace(WAYS, second=WAYS.first), "Não há duas formas"),
        (replace(WAYS, share=1.0), "Não há duas formas"),
        (replace(TEXTS, second="  "), "Não há duas formas"),
        (replace(TEXTS, second="{cpf}"), "Este texto não pode"),
        (replace(TEXTS, second="x" * 601), "Este texto não pode"),
    ],
)
def test_what_can_not_be_compared_is_refused(session: Session, series: str, odd: Compared, why: str) -> None:
    with refused(PresencaError, match=why):
        series_settings.set_calls(session, series, replace(WIDE, compared=odd))


def test_a_script_is_the_clinics_own_until_it_is_taken_back(session: Session, series: str) -> None:
    before = {one.key: one.text for one in call_scripts.scripts(session, series)}
    call_scripts.change_script(session, series, "usual", "Alô, {procedimento} em {dia}?")
    assert {one.key: one.text for one in call_scripts.scripts(session, series)} == before | {
        "usual": "Alô, {procedimento} em {dia}?"
    }
    call_scripts.change_script(session, series, "usual", "")
    assert {one.key: one.text for one in call_scripts.scripts(session, series)} == before
    for odd in ("x" * 601, "{cpf}"):
        with refused(PresencaError, match="texto"):
            call_scripts.change_script(session, series, "usual", odd)


def test_lists_to_take_along_name_nobody_unless_asked_and_come_back(
    session: Session, series: str, made: call_queue.MadeList
) -> None:
    found = call_queue.queue(session, series)
    assert found is not None
    plain = read(contact_files.center_csv(session, found)).table
    assert plain.num_rows == 20 and plain.column("evento").to_pylist() == [one.keys[0] for one in found.entries]
    assert not [name for name in plain.column_names if "ID" in name or "isco" in name]
    named = read(contact_files.center_xlsx(session, found, identified=True)).table
    assert "ID único do paciente" in named.column_names
    shown = [one for one in entries(session.workspace) if one.action == "identities_shown"]
    assert len(shown) == 1 and shown[0].facts["rows"] == 20
    with refused(PresencaError, match="telefone"):
        contact_files.messages_csv(session, found)
    filled = plain.to_pandas().assign(resultado="confirmou").to_csv(index=False, sep=";").encode()
    assert outcome_uploads.upload(session, series, filled, "central.csv").new == 20


def test_settings_are_the_series_own(session: Session, series: str) -> None:
    assert series_settings.calls(session, series) == QueueSettings()
    wanted = replace(WIDE, mute=Mute(3, (("Unidade Sul", 1),)), floor=0.1)
    series_settings.set_calls(session, series, wanted)
    assert series_settings.calls(session, series) == wanted and wanted.capacity == 20
    assert np.isclose(series_settings.calls(session, series).floor, 0.1)


def test_a_confirmation_lowers_the_risk_that_is_shown_and_adds_up(
    session: Session, scored: Agenda, series: str, made: call_queue.MadeList
) -> None:
    before = agenda.page(session, scored, agenda.ListFilters())
    one = call_queue.next_to_call(session, series, ANA)
    assert one is not None
    contacts.record(session, series, told(one.patient, one.keys), ANA)
    after = agenda.page(session, scored, agenda.ListFilters())
    assert after.expected.events.value < before.expected.events.value and after.rows == before.rows
    rows = {key: row for row, key in event_keys.named(session, scored.dataset_id).items()}
    row = rows[one.keys[0]]
    explained = agenda.explain(session, scored, row, after.lines)
    assert explained.contributions[-1].said.code == "factors.told" and explained.contributions[-1].points < 0
    assert explained.risk == pytest.approx(explained.reference + sum(c.points for c in explained.contributions))
    kept = agenda.kept(session, scored).set_index("row").loc[row, "risk"]
    assert explained.risk == pytest.approx(kept * 0.61)  # the list as it was made stays as it was
