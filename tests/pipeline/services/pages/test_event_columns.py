"""What pages tell of single events of a large file, from columns on disk, is what they tell of a frame; what was kept
is whole, goes with its rows, and names nobody whom the rows name no more.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.access.roles import Role
from pipeline.action.slots import offers
from pipeline.errors import WorkspaceError
from pipeline.presentation.sentences import today_words as words
from pipeline.products.no_show import PRODUCT
from pipeline.records.contacts import Caller, CallTold, ContactOutcome
from pipeline.records.people import User
from pipeline.records.privacy import PatientRows, PatientTarget
from pipeline.services import Workspace
from pipeline.services.data import coded, datasets, event_columns, event_keys, fixing, own_units, waiting, whose
from pipeline.services.data.own_units import OwnRows
from pipeline.services.data.placing import Into
from pipeline.services.pages import contacts, refill, slot_board, today
from pipeline.services.session import Session
from pipeline.workspace.maintenance import backup
from pipeline.workspace.maintenance.files_check import damaged_columns, orphaned_folders
from pipeline.workspace.maintenance.records_check import reading
from pipeline.workspace.storage import columns, frames, narrow
from tests.pipeline.services.pages.agenda_home import kept_agenda
from tests.refusals import refused

NOW = dt.datetime(2026, 5, 1, 9, tzinfo=dt.timezone(dt.timedelta(hours=-3)))
HEADER = (
    "Id do paciente;Data do agendamento;Hora;Procedimento;Unidade;Profissional;Status;Data de contato;"
    "Data do cancelamento\n"
)
LIST = "Id do paciente;Data do pedido;Procedimento;Unidade;Dias;Turno;Situação\n" + "\n".join(
    f"{10**10 + i};{1 + i:02d}/0{3 + i % 3}/2026;{('Ultrassom', 'consulta')[i % 2]};{('Centro', '')[i % 2]};"
    f"{('segunda', 'sexta')[i // 2 % 2]};{('', 'manhã', 'tarde')[i % 3]};Aguardando"
    for i in range(6)
)


def _agenda(seed: int) -> bytes:
    """Bookings of few places and moments, so that many meet, some without an hour, a place or a patient."""
    draw = np.random.default_rng(seed)

    def one(*values: str) -> str:
        return str(draw.choice(values))

    lines = [
        ";".join(
            (
                "" if draw.random() < 0.05 else str(draw.integers(10**10, 10**10 + 60)),
                f"{draw.integers(25, 31):02d}/04/2026" if draw.random() < 0.3 else f"0{draw.integers(1, 5)}/05/2026",
                one("09:00", "09:30", "14:00", ""),
                one("Consulta", "Ultrassom", ""),
                one("Centro", "Norte", ""),
                one("Ana", ""),
                one("Agendado", "Cancelado", "Cancelado", "Realizado"),
                one("10/04/2026", "20/04/2026"),
                one("24/04/2026", "25/04/2026", ""),
            )
        )
        for _ in range(220)
    ]
    return (HEADER + "\n".join(lines)).encode()


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A home with an agenda, a waiting list, calls that ended and moved bookings, an offer that was accepted."""
    home = tmp_path_factory.mktemp("events") / "home"
    with kept_agenda(home, _agenda(3), NOW) as (session, info):
        waiting.upload(session, info.series, LIST.encode(), "fila.csv")
        _called(session, info.series, info.id)
        _offered(session, info.id)
        return home, info.id


def _called(session: Session, series: str, dataset: str) -> None:
    rows, keys = session.workspace.rows(dataset), event_keys.named(session, dataset)
    open_ = rows.loc[(rows["state"].astype("str") == "pending") & rows["patient_id"].notna()]
    told = (ContactOutcome.CANCELLED, ContactOutcome.RESCHEDULED, ContactOutcome.CONFIRMED)
    for at, (row, patient) in enumerate(
        zip(open_["row"].tolist()[:9], open_["patient_id"].astype("str"), strict=False)
    ):
        said = CallTold(patient, ((keys[row], told[at % 3]),), f"abcdef{at:04d}")
        contacts.record(session, series, said, Caller("mine", "Anna"))


def _offered(session: Session, dataset: str) -> None:
    for slot in refill.emptied(session, dataset):
        if some := refill.candidates(session, dataset, slot):
            (one, *_) = refill.make(session, dataset, slot, some[:1])
            refill.answer(session, dataset, one.id, refill.OfferState.ACCEPTED, expected_version=one.version)
            return
    raise AssertionError("somebody waits for one of the slots")


@pytest.fixture
def house(
    prepared: tuple[Path, str], workspace_home: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Session, str, pytest.MonkeyPatch]:
    shutil.copytree(prepared[0], workspace_home)
    return Session(Workspace(), now=lambda: NOW), prepared[1], monkeypatch


House = tuple[Session, str, pytest.MonkeyPatch]


def _of_centro(session: Session) -> Session:
    return replace(session, user=User("a" * 12, "ana", "Ana", Role.MANAGER, ("  CENTRO ",)))


def _whose(session: Session, dataset: str) -> object:
    """Of a booking of each of some patients, whether it is theirs, or another's."""
    rows, keys = session.workspace.rows(dataset), event_keys.named(session, dataset)
    some = rows.dropna(subset=["patient_id"]).head(5)
    names, own = some["patient_id"].astype("str").tolist(), [keys[row] for row in some["row"].tolist()]
    series = session.workspace.dataset(dataset).series
    return [whose.is_of(session, series, name, [key]) for name in names for key in (*own, "00000000000000ff")]


def _patients(session: Session, dataset: str) -> object:
    names = session.workspace.rows(dataset)["patient_id"].cat.categories[::6]
    return [OwnRows(session).is_patient(session.workspace.dataset(dataset).series, name) for name in [*names, "nobody"]]


def _units(session: Session, dataset: str) -> object:
    found = OwnRows(session).mask(dataset)
    return None if found is None else found.tolist()


def _slots(session: Session, dataset: str) -> object:
    wish = slot_board.Wish()
    return [slot_board.board(session, dataset, wish, number=number) for number in (1, 2, 99)]


ASKED: dict[str, Callable[[Session, str], object]] = {
    "today": lambda s, d: today.today(s, s.workspace.dataset(d).series),
    "emptied": refill.emptied,
    "emptied, with those that were taken": lambda s, d: refill.emptied(s, d, dt.date(2026, 4, 1), with_taken=True),
    "the board": _slots,
    "late": lambda s, d: slot_board.late_coming(s, d),
    "days": lambda s, d: event_keys.days(s, d, sorted(event_keys.named(s, d).values())),
    "named": lambda s, d: event_keys.named(s, d),
    "taken in": lambda s, d: event_keys.taken_in(s, d, [*event_keys.named(s, d).values(), "00000000000000ff"]),
    "of units": _units,
    "whose": _whose,
    "patient": _patients,
}


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("name", ASKED)
def test_columns_tell_what_frames_tell(house: House, name: str, whole: bool) -> None:
    session, dataset, patch = house
    asks = session if whole else _of_centro(session)
    asks = replace(asks, lent=True)  # what other use cases ask for
    patch.setattr(coded, "LARGE", 10**9)
    frame = ASKED[name](asks, dataset)
    assert frame is not None or name == "of units"
    assert not list(session.workspace.home.rglob(columns.EVENTS))
    patch.setattr(coded, "LARGE", 1)
    patch.setattr(own_units, "_HELD", type(own_units._HELD)())
    assert ASKED[name](asks, dataset) == frame
    if asks.units is not None or name not in ("of units", "patient"):  # whoever sees all is asked nothing
        assert list(session.workspace.home.rglob(columns.EVENTS))


def test_any_agenda_has_the_same_emptied_slots_either_way(
    workspace_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = Session(Workspace(), now=lambda: NOW)
    for seed in range(2):
        info = datasets.keep(session, PRODUCT.key, _agenda(10 + seed), "agenda.csv", into=Into(name=f"Clínica {seed}"))
        waiting.upload(session, info.series, LIST.encode(), "fila.csv")
        _called(session, info.series, info.id)
        monkeypatch.setattr(coded, "LARGE", 10**9)
        told = today.today(session, info.series), refill.emptied(session, info.id)
        monkeypatch.setattr(coded, "LARGE", 1)
        assert (today.today(session, info.series), refill.emptied(session, info.id)) == told
        entries = session.workspace.waiting_entries(info.series)
        wanted = [slot for slot in told[1] if any(offers.matches(entry, slot) for entry in entries)]
        assert told[0].slots is not None and told[0].slots.awaited == len(wanted)
        assert 0 < told[0].slots.awaited < told[0].slots.emptied == len(told[1])


def test_many_slots_are_counted_and_shown_though_too_many_to_be_named_at_once(house: House) -> None:
    session, dataset, patch = house
    series, many = session.workspace.dataset(dataset).series, len(refill.emptied(session, dataset))
    patch.setattr(coded, "LARGE", 1)
    patch.setattr(refill, "MOST_EMPTIED", 3)
    with refused(WorkspaceError, match="lê até 3"):
        refill.emptied(session, dataset)
    told = today.today(session, series)
    assert told.slots is not None and told.slots.emptied == many > 3
    assert words.NOTHING not in words.first(told, PRODUCT).lead
    board = slot_board.board(session, dataset, slot_board.Wish())
    assert board.slots == many and len(board.standing) == 6


def test_some_rows_come_as_the_frame_has_them(house: House) -> None:
    session, dataset, patch = house
    rows = session.workspace.rows(dataset)
    places = np.array([5, 3, 3, 200])
    patch.setattr(coded, "LARGE", 1)
    names = ["row", "state", "outcome", "scheduled_date", "unit", "patient_id", "no_such_column"]
    pd.testing.assert_frame_equal(
        event_columns.some(session, dataset, places, names), rows.iloc[places][names[:-1]].reset_index(drop=True)
    )
    for many in (1 << 16, 1):
        patch.setattr(narrow, "MANY", many)
        patch.setattr(frames, "_MANY", many)
        found = session.workspace.rows_at(dataset, places)
        assert found.astype("object").equals(rows.iloc[places].reset_index(drop=True).astype("object"))


def test_a_page_of_rows_reads_no_names_but_theirs(house: House) -> None:
    """Of a column with very many names those of the shown rows come from where they rest by code."""
    session, dataset, patch = house
    rows = session.workspace.rows(dataset)
    patch.setattr(coded, "LARGE", 1)
    event_columns.prepare(session, dataset)
    (session.workspace.home / "datasets" / dataset / "rows.categories.parquet").unlink()
    patch.setattr(frames, "_MANY", 0)
    with refused(WorkspaceError):
        session.workspace.rows(dataset, ["patient_id"])
    narrow_ = event_columns.some(session, dataset, np.arange(4), ["patient_id", "unit"])
    assert narrow_["patient_id"].astype("object").equals(rows["patient_id"].iloc[:4].astype("object"))


def test_events_go_with_their_rows_and_are_made_again(house: House) -> None:
    session, dataset, patch = house
    patch.setattr(coded, "LARGE", 1)
    space = session.workspace
    event_columns.prepare(session, dataset)
    above = space.home / "datasets" / dataset
    keys = event_keys.of(session, dataset)
    assert event_keys.of(session, dataset) is keys and columns.EVENTS in space._of_revision(above, 0)
    assert not columns.is_damaged(above / columns.EVENTS)
    (above / columns.EVENTS / "001.npy").unlink()
    (above / columns.EVENTS / "001.npy").write_bytes(b"no array")
    with reading(space.home) as records:
        assert damaged_columns(space.home, records) == [above / columns.EVENTS]
    patch.setattr(event_columns, "_HELD", type(event_columns._HELD)())
    again = event_keys.of(session, dataset)
    assert again is not keys and (again.keys == keys.keys).all() and not columns.is_damaged(above / columns.EVENTS)


def test_an_erased_patient_is_in_no_column(house: House) -> None:
    session, dataset, patch = house
    patch.setattr(coded, "LARGE", 1)
    event_columns.prepare(session, dataset)
    rows = session.workspace.rows(dataset)
    patient = str(rows["patient_id"].dropna().iloc[0])
    above = session.workspace.home / "datasets" / dataset
    assert any(patient.encode() in path.read_bytes() for path in above.rglob("*.npy"))
    own = rows.loc[rows["patient_id"].astype("object") == patient, "row"].tolist()
    target = PatientTarget((patient,), (PatientRows(dataset, tuple(own)),))
    session.workspace.end_erasure(session.workspace.begin_erasure(target, "ana"))
    event_columns.prepare(session, dataset)
    held = [path.read_bytes() for path in above.rglob("*.npy")]
    assert held and not any(patient.encode() in one for one in held)
    assert len(event_keys.of(session, dataset).keys) == session.workspace.dataset(dataset).rows < len(rows)


def _rewritten(above: Path, space: Workspace, dataset: str) -> None:
    """Other rows within the same revision, as where records came back from a copy, and were changed again."""
    rows = space.rows(dataset)
    flipped = rows["state"].astype("object").where(rows["state"].astype("object") != "pending", "void")
    for name in frames.files_of("rows"):
        (above / name).unlink()
    frames.write_frame(rows.assign(state=pd.Categorical(flipped)), above, "rows")


def _by_an_older_server(above: Path, _space: Workspace, _dataset: str) -> None:
    """Columns that tell nothing of the rows they are of."""
    for name in columns.FOLDERS:
        facts = json.loads((above / name / "facts.json").read_text("utf-8"))
        plain = {key: facts[key] for key in ("format", "arrays", "facts")}
        (above / name / "facts.json").write_text(json.dumps({**plain, "sha256": columns._sum(plain)}), "utf-8")


@pytest.mark.parametrize("done", [_rewritten, _by_an_older_server])
def test_columns_of_other_rows_than_lie_beside_them_are_made_again(
    house: House, done: Callable[[Path, Workspace, str], None]
) -> None:
    session, dataset, patch = house
    patch.setattr(coded, "LARGE", 1)
    space, above = session.workspace, session.workspace.home / "datasets" / dataset
    event_columns.prepare(session, dataset)
    assert space.event_columns(dataset) is not None and space.row_columns(dataset) is not None
    done(above, space, dataset)
    assert space.event_columns(dataset) is None and space.row_columns(dataset) is None
    patch.setattr(event_columns, "_HELD", type(event_columns._HELD)())  # another process
    event_columns.prepare(session, dataset)
    assert space.event_columns(dataset) is not None
    pending = (space.rows(dataset)["state"].astype("object") == "pending").to_numpy()
    assert (event_columns.where(session, dataset, "state", ["pending"]) == pending).all()


def test_what_an_older_server_leaves_of_a_first_revision_goes(house: House) -> None:
    """It moves the rows into a new revision, and knows of no events."""
    session, dataset, patch = house
    patch.setattr(coded, "LARGE", 1)
    space, above = session.workspace, session.workspace.home / "datasets" / dataset
    event_columns.prepare(session, dataset)
    assert space.drop_old_columns() == 0, "they are of the present rows"
    patient = str(space.rows(dataset)["patient_id"].dropna().iloc[0]).encode()
    with patch.context() as older:
        older.setattr(columns, "FOLDERS", frozenset({columns.FOLDER}))
        fixing.revise(session, dataset, fixing.recipe(session, dataset))
    assert space.revision(dataset) == 1 and any(patient in path.read_bytes() for path in (above / "events").iterdir())
    os.utime(above / columns.EVENTS, (0, 0))
    with reading(space.home) as records:
        assert above / columns.EVENTS in orphaned_folders(space.home, records)
    assert space.drop_old_columns() >= 1 and not (above / columns.EVENTS).exists()
    assert space.drop_old_columns() == 0 and len(event_keys.of(session, dataset).keys) == space.dataset(dataset).rows


def test_a_copy_of_safety_leaves_out_what_is_made_again(house: House) -> None:
    session, dataset, patch = house
    patch.setattr(coded, "LARGE", 1)
    event_columns.prepare(session, dataset)
    known = {"datasets": {dataset}, "models": set()}
    assert not [path for path in backup._files(session.workspace.home, known) if path.parent.name in columns.FOLDERS]


def test_what_pages_read_is_there_once_a_file_is_kept_and_told_of_where_it_is_not(
    workspace_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coded, "LARGE", 1)
    session = Session(Workspace(), now=lambda: NOW)
    info = datasets.keep(session, PRODUCT.key, _agenda(4), "agenda.csv", into=Into(name="Clínica A"))
    assert event_columns.is_ready(session, info.id)
    for name in columns.FOLDERS:  # as after a copy came back
        shutil.rmtree(session.workspace.home / "datasets" / info.id / name)
        assert not event_columns.is_ready(session, info.id)
        event_columns.prepare(_of_centro(session), info.id)
        assert event_columns.is_ready(session, info.id)
    assert "220 linhas" in words.preparing(info.name, info.rows)
    assert len(event_keys.of(session, info.id).keys) == 220  # of all units, whoever came first
