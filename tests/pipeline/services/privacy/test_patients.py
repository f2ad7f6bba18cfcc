"""One patient is found, handed a copy of all that is kept, and erased to the last byte; a kill in between changes
nothing of that.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import services
from pipeline.errors import PresencaError
from pipeline.privacy import pseudonym
from pipeline.records.contacts import Caller, CallTold, Channel, ContactOutcome, Never, NeverKind
from pipeline.records.privacy import Source
from pipeline.records.slots import EmptiedSlot, Offer
from pipeline.services.data import datasets, event_keys, fixing
from pipeline.services.data.placing import Into
from pipeline.services.pages import contacts
from pipeline.services.privacy import patient_copy, patients
from pipeline.services.session import Session
from pipeline.workspace.audit import check
from pipeline.workspace.storage import atomic_files
from pipeline.workspace.store import Workspace
from tests.refusals import refused

CPF, BARE, NAME, PHONE = "529.982.247-25", "52998224725", "Zuleika Anunciada Quaresma", "(27) 99876-1234"
NO_SHOW, ANA = "no_show", Caller("ana-1", "Ana")
HEADERS = "Id Paciente;Nome;Celular;Data Agendamento;Data Contato;Status;Unidade;Procedimento;Tipo"
LEFT_OUT = f"{BARE};{NAME};{PHONE};sem data;01/02/2026;Falta;Central;Consulta;Retorno"


def sheet(extra: str = "") -> bytes:
    """Forty patients, and one with three rows, one of which is left out for its date."""
    lines = [HEADERS]
    for i in range(40):
        lines.append(
            f"P{i:05d};Pessoa {i};;{1 + i % 28:02d}/03/2026 10:00;01/02/2026;"
            f"{'Falta' if i % 3 else 'Realizado'};{'Central' if i % 2 else 'Norte'};Consulta;Retorno"
        )
    for day in (4, 11):
        lines.append(f"{CPF};{NAME};{PHONE};{day:02d}/03/2026 09:00;01/02/2026;Falta;Unidade Zebra;Consulta;Retorno")
    return "\n".join([*lines, LEFT_OUT, *([extra] if extra else [])]).encode()


@pytest.fixture
def session(workspace_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    monkeypatch.setenv("PRESENCA_TODAY", "2026-03-20")
    space = services.open_workspace()
    session = Session(space)
    kept = datasets.keep(session, NO_SHOW, sheet(), "marco.csv", into=Into(name="Centro"))
    keys = sorted(event_keys.named(session, kept.id, own_rows(session, kept.id)).values())
    called = tuple((key, ContactOutcome.NO_ANSWER) for key in keys)
    told = CallTold(patient=code(space), outcomes=called, call="0123456789ab", channel=Channel.CALL)
    contacts.record(session, kept.series, told, ANA)
    contacts.override(session, kept.series, keys[0], 0.4, "pediu para reconsiderar", ANA)
    contacts.set_never(session, kept.series, Never(NeverKind.PATIENT, code(space)), never=True)
    yield session
    space.close()


def code(space: Workspace) -> str:
    return pseudonym(CPF, space.key)


def own_rows(session: Session, dataset: str) -> list[int]:
    rows = session.workspace.rows(dataset)
    return rows.loc[rows["patient_id"] == code(session.workspace), "row"].tolist()


def everything(home: Path) -> bytes:
    """All bytes of a workspace, with Parquet and sealed files opened by whoever has the key."""
    return b"".join(path.read_bytes() for path in sorted(home.rglob("*")) if path.is_file())


def opened(session: Session) -> str:
    """What stands in Parquet and in the vaults of the workspace, all revisions included."""
    import pyarrow.parquet as pq

    from pipeline.privacy import open_sealed
    from pipeline.workspace.storage import vault

    told = []
    for path in session.workspace.home.rglob("*"):
        if path.suffix == ".parquet":
            told.append(str(pq.read_table(path).to_pydict()))
        if path.name == "raw.sealed":
            told.append(str(vault.unpack(path.read_bytes(), session.workspace.key, path.parent.name)[0].to_pydict()))
        if path.name == "recipe.sealed":
            folder = path.parent.parent if path.parent.name.startswith("revision") else path.parent
            told.append(open_sealed(path.read_bytes(), session.workspace.key, folder.name).decode())
    return " ".join(told)


def assert_gone(session: Session) -> None:
    space = session.workspace
    raw, texts = everything(space.home), opened(session)
    keys = {CPF, BARE, NAME, PHONE, "Unidade Zebra", code(space)}
    assert [text for text in keys if text.encode() in raw or text in texts] == []


def test_a_patient_is_found_by_what_the_clinic_knows(session: Session) -> None:
    for typed in (CPF, BARE, f"  {CPF} "):
        found = patients.find(session, typed)
        counted = {part.source: part.count for part in found.parts}
        assert counted[Source.ROWS] == 2 and counted[Source.SHEET] == 3  # also the row that was left out
        assert counted[Source.CONTACTS] == 2 and counted[Source.OVERRIDES] == 1 and counted[Source.NEVER] == 1
    assert patients.find(session, "P99999").parts == ()
    assert patients.find(session, NAME).target.datasets  # by another column of the sheet, while it is kept
    with refused(PresencaError, match="não se sabe de quem"):
        patients.find(session, "1")
    assert code(session.workspace) not in str(session.workspace.home) and CPF.encode() not in everything(
        session.workspace.home
    )


def test_a_copy_tells_all_with_a_sentence_for_each_source(session: Session) -> None:
    with zipfile.ZipFile(io.BytesIO(patient_copy.archive(session, patients.find(session, CPF)))) as packed:
        page, book = packed.read("seus_dados.html").decode(), packed.read("seus_dados.xlsx")
    for said in (NAME, CPF, "Unidade Zebra", "pediu para reconsiderar", "Contatos", "Planilha como veio", "art. 18"):
        assert said in page, said
    assert "P00001" not in page and "Pessoa 1" not in page and len(book) > 5_000


def test_an_erased_patient_is_at_no_byte_and_stays_counted(session: Session) -> None:
    info = session.workspace.datasets()[0]
    before = session.workspace.rows(info.id)
    done = patients.erase(session, patients.find(session, CPF))
    assert done.done and dict(done.facts.rows) == {info.id: 3} and dict(done.facts.taken)["contacts"] == 2
    assert_gone(session)
    assert len(session.workspace.rows(info.id)) == len(before) - 2 == session.workspace.dataset(info.id).rows
    assert [rows for _, rows in patients.erased_rows(session, info.id)] == [3]
    assert "3 linhas apagadas a pedido do titular" in datasets.report_html(session, info.id).decode()
    assert patients.find(session, CPF).parts == () and check(session.workspace).faults == ()
    with refused(PresencaError, match="não há o que apagar"):
        patients.erase(session, patients.find(session, CPF))


def test_the_others_stay_as_they_were_and_can_be_mended(session: Session) -> None:
    info = session.workspace.datasets()[0]
    before = session.workspace.rows(info.id)
    patients.erase(session, patients.find(session, CPF))
    after = session.workspace.rows(info.id)
    stay = before.loc[before["patient_id"] != code(session.workspace)].reset_index(drop=True)
    assert after.astype("str").equals(stay.astype("str"))
    fixing.revise(session, info.id, fixing.recipe(session, info.id))  # read again out of the sheet
    assert len(session.workspace.rows(info.id)) == len(stay)
    assert_gone_but_for_the_log(session)


def assert_gone_but_for_the_log(session: Session) -> None:
    session.workspace.database.settle()
    assert_gone(session)


def test_a_slot_that_the_patient_emptied_stays_offered_and_tells_nothing(session: Session) -> None:
    info, day = session.workspace.datasets()[0], dt.date(2026, 3, 4)
    key = sorted(event_keys.named(session, info.id, own_rows(session, info.id)).values())[0]
    until = dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC)
    for name in ("another", code(session.workspace)):
        offer = Offer("", EmptiedSlot(key, day), "e" * 16, name, until, until)
        session.workspace.add_offers(info.series, lambda _, offer=offer: (offer,), "person")  # type: ignore[misc]
    patients.erase(session, patients.find(session, CPF))
    (left,) = session.workspace.offers(info.series)
    assert left.patient == "another" and left.slot.day == day and left.slot.key != key
    assert key.encode() not in everything(session.workspace.home)


def test_the_same_file_sent_again_brings_nobody_back(session: Session) -> None:
    info = session.workspace.datasets()[0]
    patients.erase(session, patients.find(session, CPF))
    datasets.erase_raw(session, info.id)
    again = datasets.keep(session, NO_SHOW, sheet(), "marco.csv", into=Into(series=info.series))
    assert again.id == info.id and again.vault_until is not None
    assert_gone_but_for_the_log(session)


class Killed(BaseException):
    """What ends a process from outside: nothing of ours catches it."""


@pytest.mark.parametrize("after", [0, 2, 4, 6, 8, 11])
def test_a_kill_at_any_step_is_ended_at_the_next_start(
    session: Session, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = after
    found = patients.find(session, CPF)

    def counted(real):  # type: ignore[no-untyped-def]
        def step(*args, **kwargs):  # type: ignore[no-untyped-def]
            nonlocal left
            left -= 1
            if left < 0:
                raise Killed
            return real(*args, **kwargs)

        return step

    with monkeypatch.context() as patch:
        for name in ("put", "remove", "write_new"):
            patch.setattr(atomic_files, name, counted(getattr(atomic_files, name)))
        patch.setattr(Workspace, "_save_risks", counted(Workspace._save_risks))
        patch.setattr(type(session.workspace.database), "settle", counted(type(session.workspace.database).settle))
        with contextlib.suppress(Killed):
            patients.erase(session, found)
    session.workspace.close()
    again = services.open_workspace()
    assert not again.erasures(open_only=True)
    assert_gone(Session(again))
    again.close()
