"""Each download against each role: a file without identities, the whole one, or none; a new download has to say which.

Someone is planted: an id that is a CPF, and their name and phone, in columns that the product does not know, in cells
of others, and in a comment.
"""

from __future__ import annotations

import importlib
import inspect
import io
import pkgutil
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

import pipeline.services as services
from pipeline.contract import Product
from pipeline.errors import PresencaError
from pipeline.products.no_show import PRODUCT as MISSED
from pipeline.products.satisfaction import PRODUCT as HEARD
from pipeline.records import DatasetInfo, Role, Step, StepKind, User
from pipeline.records.privacy import PatientFound, PatientRows, PatientTarget
from pipeline.services.data import datasets, fixing, table
from pipeline.services.models import models
from pipeline.services.pages import agenda, call_files, call_queue, comments, contact_files, risk
from pipeline.services.pages.agenda import Agenda, ListFilters
from pipeline.services.pages.comments import CommentFilters, HeardComments
from pipeline.services.privacy import patient_copy
from pipeline.services.session import Session
from pipeline.workspace.audit import entries
from tests.conftest import TEST_KEY
from tests.pipeline.services.test_session import use_cases
from tests.toy.house import move_in

CPF, BARE, NAME, PHONE = "529.982.247-25", "52998224725", "Zuleika", "98765-4321"
PLANTED = (CPF, BARE, NAME, PHONE, "987654321")


def _with_somebody(sheet: bytes, future: bool) -> bytes:
    """A sheet with a name, a phone and an e-mail beside its own columns, and somebody's in its first cells."""
    lines = [line.split(";") for line in sheet.decode("utf-8-sig").splitlines()]
    header, rows = lines[0], lines[1:]
    header += ["Nome", "Celular", "Contato"]
    for number, row in enumerate(rows):
        row += [f"{NAME} Prado {number % 7}", f"(11) {PHONE}", f"{NAME.lower()}@exemplo.org"]
    if future:
        for row in rows[:6]:
            row[0] = CPF
        rows[3][4] = f"31/02/2026 {NAME} Prado"  # neither a day nor a sex: such rows are left out, or to be mended
        rows[4][2] = f"{CPF}"
        rows[5][5] = f"{NAME} Prado {PHONE}"
    else:
        rows[0][7] = f"Sou {NAME} Prado, CPF {CPF}, telefone (11) {PHONE}. Esperei mais de duas horas, péssimo."
        rows[1][4] = f"{NAME} Prado"
    return "\n".join(";".join(row) for row in lines).encode("utf-8-sig")


@dataclass(frozen=True)
class Clinic:
    """What downloads are made of; `whole` is a session of somebody in a workspace without users."""

    missed: Session
    info: DatasetInfo
    found: Agenda
    queue: call_queue.Queue
    heard_in: Session
    heard: HeardComments

    def base(self, name: str) -> Session:
        """Whose workspace a download is of."""
        return self.heard_in if ".comments." in name else self.missed


def _home(homes: tuple[Path, Path], to: Path, patch: pytest.MonkeyPatch, product: Product) -> Session:
    shutil.copytree(homes[1], to)
    patch.setenv("PRESENCA_KEY", TEST_KEY)
    patch.setenv("PRESENCA_HOME", str(to))
    move_in(patch, homes[0], product)
    return Session(services.open_workspace())


def _some(samples: Path, pattern: str) -> bytes:
    """The first lines of a sample: each file is built ten times over."""
    return b"\n".join(next(samples.glob(pattern)).read_bytes().splitlines()[:41])


@pytest.fixture(scope="module")
def clinic(
    missed_home: tuple[Path, Path], heard_home: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Clinic]:
    to = tmp_path_factory.mktemp("masked")
    with pytest.MonkeyPatch.context() as patch:
        voice = _home(heard_home, to / "heard", patch, HEARD)
        said = datasets.keep(voice, HEARD.key, _with_somebody(_some(heard_home[0], "*passado*"), False), "voz.csv")
        heard = comments.hear(voice, said.id, models.models(voice, HEARD.key)[0].id)
        own = _home(missed_home, to / "missed", patch, MISSED)
        patch.setattr("pipeline.services.catalog.all_products", lambda: (MISSED, HEARD))
        info = datasets.keep(own, MISSED.key, _with_somebody(_some(missed_home[0], "*futuro*"), True), "futuro.csv")
        fixing.apply(own, info.id, (Step(StepKind.CELL, "patient_id", CPF, BARE, 2),))
        found = agenda.score(own, info.id, models.models(own, MISSED.key)[0].id)
        call_queue.make_list(own, found)
        queue = call_queue.queue(own, info.series)
        assert queue is not None
        patch.setattr(agenda, "score", lambda *_: found)  # lists to take along would make it anew for each role
        yield Clinic(own, info, found, queue, voice, heard)


def _copy(clinic: Clinic) -> PatientFound:
    target = PatientTarget((), (PatientRows(clinic.info.id, (2,)),), (), (), ())
    return PatientFound(target, (), (), ())


Build = Callable[[Clinic, Session, bool], bytes]
_ALL = CommentFilters()
BUILD: dict[str, Build] = {
    "data.datasets.left_out_csv": lambda c, s, a: datasets.left_out_csv(s, c.info.id, identified=a),
    "data.fixing.recipe_file": lambda c, s, a: fixing.recipe_file(s, c.info.id, identified=a),
    "data.table.annotated_xlsx": lambda c, s, a: table.annotated_xlsx(s, c.info.id, identified=a),
    "data.table.clean_csv": lambda c, s, a: table.clean_csv(s, c.info.id, identified=a),
    "data.table.clean_xlsx": lambda c, s, a: table.clean_xlsx(s, c.info.id, identified=a),
    "pages.call_files.csv": lambda c, s, a: call_files.csv(s, c.found, ListFilters(), identified=a),
    "pages.call_files.fhir": lambda c, s, a: call_files.fhir(s, c.found, ListFilters(), identified=a),
    "pages.call_files.xlsx": lambda c, s, a: call_files.xlsx(s, c.found, ListFilters(), identified=a),
    "pages.comments.csv": lambda c, s, a: comments.csv(s, c.heard, _ALL, comments.ALL, identified=a),
    "pages.comments.xlsx": lambda c, s, a: comments.xlsx(s, c.heard, _ALL, comments.ALL, identified=a),
    "pages.contact_files.center_csv": lambda c, s, a: contact_files.center_csv(s, c.queue, identified=a),
    "pages.contact_files.center_xlsx": lambda c, s, a: contact_files.center_xlsx(s, c.queue, identified=a),
    "pages.contact_files.messages_csv": lambda c, s, a: contact_files.messages_csv(s, c.queue, identified=a),
}
# What no one may choose: a patient's copy says who they are, or there is none; rows of a group never do
FIXED: dict[str, Build] = {
    "privacy.patient_copy.archive": lambda c, s, a: patient_copy.archive(s, _copy(c)),
    "pages.risk.rows_csv": lambda c, s, a: risk.rows_csv(
        s, risk.GroupQuery(c.info.id, None, risk.Filters(None, None, {}), "unit", _unit(c))
    ),
}


def _unit(clinic: Clinic) -> str:
    return str(clinic.missed.workspace.rows(clinic.info.id, ["unit"])["unit"].iloc[0])


# What tells of no row: reports without cells, counts, models, words, settings; of the house's own: the audit log
NO_ROW = {
    "batch.assessed_records.assess",  # of what the caller sent with the call, back to the caller
    "data.copying.content",  # sealed, and for an admin alone
    *("data.datasets.report_html", "data.datasets.report_json", "data.datasets.report_xlsx"),
    *("models.models.card_html", "models.models.export_model", "models.models.metrics"),
    *("pages.effects.csv", "pages.effects.json", "pages.risk.board_html", "pages.themes.export"),
    *("privacy.account.impact_html", "privacy.account.incident_html", "privacy.account.register_html"),
    *("privacy.trail.csv", "privacy.trail.jsonl"),
}
# The same of what asks nobody: it is handed what it is made of, which somebody was given before
OF_WHAT_IS_HANDED = {
    *("catalog.dictionary", "catalog.template", "data.fixing.recipe_json", "data.waiting.sample"),
    *("data.waiting.template", "pages.comments.themes_csv", "pages.places.periods_csv", "pages.places.places_csv"),
    *("pages.risk.group_csv", "pages.risk.times_csv", "data.table.annotated_of"),
}

MASKED, WHOLE, REFUSED = "masked", "whole", "refused"
# In order: admin, gestor, analista, atendente, leitor; what each is given who asks for identities, where that can be
_BY_ROLE = (Role.ADMIN, Role.MANAGER, Role.ANALYST, Role.ATTENDANT, Role.READER)
_OTHER = (WHOLE, WHOLE, REFUSED, REFUSED, REFUSED)
ASKED: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(BUILD, _OTHER),
    **dict.fromkeys(
        ("pages.call_files.csv", "pages.call_files.fhir", "pages.call_files.xlsx"),
        (WHOLE, WHOLE, REFUSED, WHOLE, REFUSED),
    ),
    "privacy.patient_copy.archive": _OTHER,
    "pages.risk.rows_csv": (MASKED, MASKED, MASKED, REFUSED, REFUSED),
}
UNASKED: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(BUILD, (MASKED, MASKED, MASKED, REFUSED, REFUSED)),
    **dict.fromkeys(
        ("pages.call_files.csv", "pages.call_files.fhir", "pages.call_files.xlsx"),
        (MASKED, MASKED, MASKED, MASKED, REFUSED),
    ),
    "pages.contact_files.messages_csv": (MASKED, MASKED, REFUSED, REFUSED, REFUSED),
    "privacy.patient_copy.archive": _OTHER,
    "pages.risk.rows_csv": (MASKED, MASKED, MASKED, REFUSED, REFUSED),
}


def _files() -> set[str]:
    """Every use case that gives a file."""
    told = {n: str(inspect.signature(case).return_annotation) for n, case in use_cases().items()}  # type: ignore[arg-type]
    return {name.removeprefix("pipeline.services.") for name, kind in told.items() if kind == "bytes"}


def test_every_download_says_what_each_role_is_given() -> None:
    """A new one is to be added here: with how it is made and who is given what, or as one that tells of no row."""
    assert _files() == {*BUILD, *FIXED, *NO_ROW}
    assert set(ASKED) == set(UNASKED) == {*BUILD, *FIXED}


def test_what_gives_a_file_and_asks_nobody_is_known() -> None:
    found = set()
    for module in pkgutil.walk_packages(services.__path__, "pipeline.services."):
        room = module.name.removeprefix("pipeline.services.")
        for name, value in vars(importlib.import_module(module.name)).items():
            own = inspect.isfunction(value) and value.__module__ == module.name and not name.startswith("_")
            if own and inspect.signature(value).return_annotation in ("bytes", bytes):
                found.add(f"{room}.{name}")
    assert {name for name in found if not name.startswith("batch.")} - _files() == OF_WHAT_IS_HANDED


def test_pages_have_one_way_to_hand_out_a_file() -> None:
    root = Path(__file__).resolve().parents[3] / "dashboard"
    users = [path.name for path in root.rglob("*.py") if "st.download_button(" in path.read_text()]
    assert users == ["downloads.py"]


def _told(content: bytes) -> str:
    """All that a file says: of a workbook or an archive each part, unpacked."""
    if not content.startswith(b"PK"):
        return content.decode("utf-8-sig")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "\n".join(
            _told(archive.read(name)) for name in archive.namelist() if not name.endswith((".png", ".bin"))
        )


def _given(clinic: Clinic, name: str, session: Session, asked: bool) -> tuple[str, str]:
    """What came, and all that it says."""
    try:
        content = (BUILD | FIXED)[name](clinic, session, asked)
    except PresencaError as error:
        assert error.note.code in ("session.not_allowed", "session.not_in_scope"), name
        return REFUSED, ""
    said = _told(content)
    return (WHOLE if any(secret in said for secret in PLANTED) else MASKED), said


@pytest.mark.parametrize("name", [*BUILD, *FIXED])
def test_each_role_is_given_what_the_table_says(clinic: Clinic, name: str) -> None:
    for asked, expected in ((False, UNASKED), (True, ASKED)):
        found: list[str] = []
        for role in _BY_ROLE:
            session = replace(clinic.base(name), user=User("0" * 12, "a", "A", role), lent=False)
            before = len(entries(session.workspace, 10_000))
            given, said = _given(clinic, name, session, asked)
            found.append(given)
            assert given == REFUSED or len(said) > 60
            every = entries(session.workspace, 10_000)
            new = [one for one in every[: len(every) - before] if one.facts["actor"] == "0" * 12]
            who = [one for one in new if one.facts.get("identified") or one.action == "patient_copy_made"]
            assert bool(who) is (given == WHOLE) and all(one.facts["rows"] for one in who), role
        assert tuple(found) == expected[name]
