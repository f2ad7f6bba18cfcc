"""Each thing that can be wrong with a workspace is found, said, and put in order where that is possible."""

from __future__ import annotations

import datetime as dt
import json
import os
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from pipeline.cli import app
from pipeline.presentation.sentences import maintenance_words
from pipeline.records import Examination, Role
from pipeline.services import open_workspace
from pipeline.services.data import maintaining
from pipeline.workspace.jobs import job_queue, job_records, kinds, processes
from pipeline.workspace.storage import atomic_files
from pipeline.workspace.store import Workspace
from tests import postgres, stores
from tests.conftest import ROOT
from tests.pipeline.workspace import made

NOT_LOOKED_AT = (  # by the examination of what is not its own
    "Os arquivos do próprio PostgreSQL não são examinados aqui: quem cuida dele os confere com pg_amcheck.\n"
    if postgres.asked()
    else ""
)
NO_RECORDS = "doctor.no_records_there" if postgres.asked() else "doctor.no_records"
LONG_AGO = (1_600_000_000, 1_600_000_000)


def found_in(home: Path) -> dict[str, bool]:
    """The codes of what is found, and whether each is a loss."""
    return {one.what.code: one.is_loss for one in maintaining.examine(home).findings}


@pytest.fixture
def space(workspace_home: Path) -> Workspace:
    space = open_workspace()
    info = made.add(space)
    made.add_model(space, info.id)
    assert found_in(space.home) == {}
    return space


def ask(space: Workspace, statement: str) -> None:
    with made.records(space.home) as records:
        records.execute(statement)


def old(path: Path) -> None:
    os.utime(path, LONG_AGO)


def loose_mode(space: Workspace) -> None:
    space.dataset_folder(space.datasets()[0].id).chmod(0o755)


def without_guard(space: Workspace) -> None:
    with made.records(space.home) as records:
        made.drop_trigger(records, "audit_is_not_erased")


def without_index(space: Workspace) -> None:
    ask(space, "DROP INDEX one_of_risks")


def cut_erasure(space: Workspace) -> None:
    (space.dataset_folder(space.datasets()[0].id) / "raw.sealed").unlink()


def cut_deletion(space: Workspace) -> None:
    ask(space, "UPDATE datasets SET state = 'deleting'")


def half_written(space: Workspace) -> None:
    (space.staging / "half").write_bytes(b"x")
    (space.staging / "half").chmod(0o600)
    old(space.staging / "half")


def risks_gone(space: Workspace) -> None:
    data, model = space.datasets()[0].id, space.models()[0].id
    one = space.save_scored(data, model, dt.date(2026, 11, 23), pd.DataFrame({"risk": [0.1]}), {})
    atomic_files.remove(space.dataset_folder(data) / one)


def altered_columns(space: Workspace) -> None:
    """A byte that is another, where size and time of the file are what they were."""
    one = space.datasets()[0].id
    space.save_row_columns(one, {"day": np.arange(400_000)}, {})
    path = space.dataset_folder(one) / "columns" / "000.npy"
    told, content = path.stat(), bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(told.st_atime_ns, told.st_mtime_ns))


def old_rows(space: Workspace) -> None:
    folder = atomic_files.private_folder(space.dataset_folder(space.datasets()[0].id) / "revision-3")
    old(folder)


def unknown(space: Workspace) -> None:
    folder = atomic_files.private_folder(space.home / "datasets" / ("f" * 12))
    old(folder)


def dead_job(space: Workspace) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(processes, "start", lambda *_a, **_k: 2**22 + 1)
        job = job_queue.start(space, space.datasets()[0].id, kinds.TRAIN)
    job_records.update(space, job.id, heartbeat=0.0)


def other_people(space: Workspace) -> None:
    space.add_user("ana", "Ana", Role.ADMIN)
    (space.home / "people.json").write_bytes(b"[]")


MENDABLE: dict[str, Callable[[Workspace], None]] = {
    "doctor.open_to_others": loose_mode,
    "doctor.audit_unguarded": without_guard,
    "doctor.part_missing": without_index,
    "doctor.erasure_cut": cut_erasure,
    "doctor.deletions_cut": cut_deletion,
    "doctor.leftovers": half_written,
    "doctor.risks_gone": risks_gone,
    "doctor.columns_damaged": altered_columns,
    "doctor.old_rows": old_rows,
    "doctor.unknown": unknown,
    "doctor.jobs_gone": dead_job,
    "doctor.people_copy": other_people,
}


@stores.IN_THE_FOLDER
def test_all_that_can_be_put_in_order_is_in_one_go(space: Workspace) -> None:
    going = space.datasets()[0]
    made.add(space, sha256="b" * 64)
    for code, break_it in MENDABLE.items():
        if code != "doctor.deletions_cut" and (os.name == "posix" or code != "doctor.open_to_others"):
            break_it(space)
    ask(space, f"UPDATE datasets SET state = 'deleting' WHERE id = '{going.id}'")
    space.close()
    found = maintaining.examine(space.home)
    # servers that share records take a dead job up, now or in a minute
    elsewhere = {"doctor.jobs_gone"} if postgres.asked() else set()
    if os.name != "posix":
        elsewhere |= {"doctor.open_to_others"}
    assert {one.what.code for one in found.findings} - elsewhere == set(MENDABLE) - elsewhere
    for line in maintenance_words.examination(found, mended=False):
        if line == NOT_LOOKED_AT.strip():
            continue
        assert line.startswith("[corrige] ") and " Com --mend: " in line and line.endswith(".")
    after = maintaining.mend(space.home)
    assert {one.what.code for one in after.mended} - elsewhere == {one.what.code for one in found.findings} - elsewhere
    assert set(found_in(space.home)) - elsewhere <= {"doctor.aside"}  # put aside, and not erased


@stores.IN_THE_FOLDER
@pytest.mark.slow
@pytest.mark.parametrize("code", MENDABLE)
def test_each_that_can_be_put_in_order_is_found_alone(space: Workspace, code: str) -> None:
    if code == "doctor.open_to_others" and os.name != "posix":
        pytest.skip("modes are POSIX")
    MENDABLE[code](space)
    space.close()
    found = maintaining.examine(space.home)
    assert [one.what.code for one in found.findings] == [code] and found.findings[0].mend is not None
    assert found == maintaining.examine(space.home)  # looking changes nothing
    (line,) = maintenance_words.examination(replace(found, unseen=()), mended=False)
    assert line.startswith("[corrige] ") and " Com --mend: " in line and line.endswith(".")
    after = maintaining.mend(space.home)
    assert [one.what.code for one in after.mended] == [code]
    assert set(found_in(space.home)) <= {"doctor.aside"}  # put aside, and not erased


def broken_rows(space: Workspace) -> None:
    path = space.dataset_folder(space.datasets()[0].id) / "rows.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 0xFF
    path.write_bytes(content)


def broken_vault(space: Workspace) -> None:
    path = space.dataset_folder(space.datasets()[0].id) / "raw.sealed"
    path.write_bytes(path.read_bytes()[:-1])


def broken_report(space: Workspace) -> None:
    (space.dataset_folder(space.datasets()[0].id) / "report.json").write_text("{")


def broken_records(space: Workspace) -> None:
    space.close()  # else SQLite would write what it still knows
    (space.home / "presenca.sqlite").write_bytes(b"no database, sorry " * 99)


def other_bundle(space: Workspace) -> None:
    space.bundle_file(space.models()[0].id).write_bytes(b"another")


LOST: dict[str, Callable[[Workspace], object]] = {
    "doctor.dataset_damaged": broken_rows,
    "doctor.sealed_damaged": broken_vault,
    "doctor.model_changed": other_bundle,
    "doctor.report_damaged": lambda space: (space.dataset_folder(space.datasets()[0].id) / "report.json").write_text(
        "{"
    ),
    "doctor.model_gone": lambda space: space.bundle_file(space.models()[0].id).unlink(),
    "doctor.dataset_gone": lambda space: atomic_files.remove(space.dataset_folder(space.datasets()[0].id)),
    "doctor.audit_gaps": lambda space: (
        without_guard(space),
        ask(space, "INSERT INTO audit VALUES (7, '2026', 'dataset_added', '{}')"),
        maintaining.mend(space.home),
    ),
    "doctor.references": lambda space: ask(space, "UPDATE models SET dataset_id = 'ffffffffffff'"),
    "doctor.records_damaged": broken_records,
}


OFTEN = ("doctor.dataset_damaged", "doctor.model_changed", "doctor.records_damaged")


@stores.IN_THE_FOLDER
@pytest.mark.parametrize(
    "code", [code if code in OFTEN else pytest.param(code, marks=pytest.mark.slow) for code in LOST]
)
def test_what_is_lost_is_said_and_left_alone(space: Workspace, code: str) -> None:
    if postgres.asked() and code in ("doctor.references", "doctor.records_damaged"):
        pytest.skip("a PostgreSQL lets nobody do that")
    LOST[code](space)
    space.close()
    found = maintaining.examine(space.home)
    assert {one.what.code: one.is_loss for one in found.findings} == {code: True}
    assert maintenance_words.examination(found, mended=False)[0].startswith("[perda] ")
    assert {one.what.code for one in maintaining.mend(space.home).findings} == {code}


def test_the_key_is_asked_after(space: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESENCA_KEY", made.OTHER_KEY.hex())
    assert found_in(space.home) == {"key.of_others": True}
    monkeypatch.delenv("PRESENCA_KEY")
    monkeypatch.setenv("PRESENCA_KEY_FILE", str(space.home.parent / "nowhere"))
    assert found_in(space.home) == {"key.missing": True}
    assert not (space.home.parent / "nowhere").exists()


@stores.IN_THE_FOLDER
def test_lost_records_are_made_again(space: Workspace) -> None:
    space.close()
    made.lose_records(space.home)
    assert found_in(space.home) == {NO_RECORDS: True}
    assert maintaining.mend(space.home).findings == ()
    assert open_workspace().datasets()[0].rows == 6


def test_without_records_a_damaged_copy_of_persons_is_a_loss(workspace_home: Path) -> None:
    """Nothing opens then; a whole one gives them back."""
    space = open_workspace()
    space.add_user("ana", "Ana", Role.ADMIN)
    space.close()
    made.lose_records(workspace_home)
    kept = (workspace_home / "people.json").read_bytes()
    (workspace_home / "people.json").write_bytes(kept[:-9])
    assert found_in(workspace_home) == {"doctor.people_copy_damaged": True}
    (workspace_home / "people.json").write_bytes(kept)
    assert found_in(workspace_home) == {NO_RECORDS: True}
    assert maintaining.mend(workspace_home).findings == () and open_workspace().has_users()


@stores.IN_THE_FOLDER
@made.IN_A_FILE
def test_an_earlier_versions_workspace_is_brought_forward(workspace_home: Path) -> None:
    with zipfile.ZipFile(ROOT / "tests" / "golden" / "workspace_2026_11_25.zip") as kept:
        kept.extractall(workspace_home)
    assert "doctor.older" in found_in(workspace_home)
    after = maintaining.mend(workspace_home)
    assert "doctor.older" in {one.what.code for one in after.mended} and not any(one.is_loss for one in after.findings)


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, [*arguments], standalone_mode=False)
    return int(done.return_value or 0), done.output


@stores.IN_THE_FOLDER
def test_the_commands_say_what_they_did(space: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, copy, out = space.home, tmp_path / "c.presenca", tmp_path / "d.json"
    assert run("doctor") == (0, f"Em ordem: 1\xa0conjunto de dados e 1\xa0modelo.\n{NOT_LOOKED_AT}")
    code, told = run("backup", str(copy))
    assert code == 0 and told.startswith("Cópia feita: 1\xa0conjunto de dados e 1\xa0modelo, ")
    code, told = run("restore", str(copy), "--home", str(tmp_path / "new"))
    assert code == 0 and told.startswith("Voltou a cópia de ") and "1\xa0modelo" in told
    cut_erasure(space)
    other_bundle(space)
    code, told = run("doctor", "--json", str(out))
    plain = json.loads(out.read_text("utf-8"))
    assert (
        code == 2 == plain["code"]
        and told == "\n".join([*plain["said"], ""]) + NOT_LOOKED_AT
        and len(plain["findings"]) == 2
    )
    code, told = run("doctor", "--mend", "--home", str(home))
    assert code == 2 and "[corrigido] A planilha original" in told and "[perda] O arquivo do modelo" in told
    cut_deletion(space)
    monkeypatch.setenv("PRESENCA_BACKUP_PHRASE", "uma frase só desta clínica, longa")
    assert run("backup", str(copy), "--phrase")[0] == 0
    assert run("restore", str(copy), "--home", str(tmp_path / "third"))[0] == 0


def test_a_finding_that_only_can_be_known_is_in_order() -> None:
    from pipeline.maintenance_commands import exit_code

    assert exit_code(Examination(())) == 0
