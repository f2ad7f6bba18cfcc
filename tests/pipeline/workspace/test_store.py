"""Data sets, models, risks and settings: kept, found again, deleted with all that belongs to them."""

from __future__ import annotations

import datetime as dt
import json
import os
import stat
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline import privacy
from pipeline.errors import WorkspaceError
from pipeline.records import note
from pipeline.workspace.jobs import job_launch, job_queue, job_worker, kinds
from pipeline.workspace.repositories.models import Origin
from pipeline.workspace.store import Workspace
from tests import stores
from tests.pipeline.workspace import made
from tests.refusals import refused, told


def everything(home: Path) -> list[Path]:
    return [p for p in home.rglob("*") if p.is_file()]


def test_a_data_set_comes_back_under_pseudonyms(tmp_path: Path) -> None:
    info = made.add(made.workspace(tmp_path))
    space = made.workspace(tmp_path)  # another process, later
    rows, given = space.rows(info.id), made.rows()
    pd.testing.assert_frame_equal(rows.drop(columns="patient_id"), given.drop(columns="patient_id"))
    assert rows["patient_id"].tolist()[0] == privacy.pseudonym(made.CPF, made.KEY)
    assert rows["patient_id"].isna().tolist() == given["patient_id"].isna().tolist()
    assert space.rows(info.id, ["row"]).columns.tolist() == ["row"]
    assert space.raw(info.id) == made.raw()
    numbers = space.row_numbers(info.id)
    assert numbers is not None and numbers.tolist() == [2, 3, 4, 5, 6, 9]
    assert space.left_out(info.id).to_dict("list") == {"row": [9], "reason": ["Data vazia"]}
    assert space.datasets() == (info,) == space.datasets("toy") and space.datasets("other") == ()
    assert (info.rows, info.usable_for, info.first_date) == (6, ("training", "scoring"), dt.date(2026, 5, 4))


def test_no_identity_lies_in_any_file(tmp_path: Path) -> None:
    space = made.workspace(tmp_path)
    info = made.add(space)
    model_id = made.add_model(space, info.id)
    space.save_past_risks(model_id, info.id, pd.DataFrame({"risk": [0.5]}))
    planted = [made.CPF, "52998224725", "11144477735", made.NAME, made.PHONE, "Zuleika", "99876-1234"]
    seen = made.at_rest(space.home)
    assert [path for path, text in seen.items() for identity in planted if identity in text] == []
    found = {
        Path(path).name for path, text in seen.items() if "Santa Rita" in text
    }  # the search does see what is there
    assert found == {"rows.categories.parquet", "report.json"}


def test_the_report_keeps_previews_only_of_columns_that_name_nobody(tmp_path: Path) -> None:
    space = made.workspace(tmp_path)
    columns = json.loads(space.report(made.add(space).id))["columns"]
    assert [c["preview"] for c in columns] == [[], [], ["Santa Rita"]]


@pytest.mark.skipif(os.name != "posix", reason="modes are a matter of POSIX systems")
def test_only_the_owner_can_look(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir(mode=0o755)
    space = made.workspace(tmp_path)
    made.add_model(space, made.add(space).id)
    for path in [space.home, *space.home.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_the_same_file_is_kept_once(tmp_path: Path) -> None:
    space = made.workspace(tmp_path)
    first = made.add(space, mapping_json='{"b": 1, "a": 2}')
    assert made.add(space, mapping_json='{"a": 2, "b": 1}') == first
    others = [
        made.add(space, mapping_json="{}"),
        made.add(space, sha256="b" * 64),
        made.add(space, product="other"),
    ]
    assert len({first.id, *(o.id for o in others)}) == 4
    assert len(list((space.home / "datasets").iterdir())) == 4


def test_erasing_the_raw_table_keeps_the_rest_and_sending_it_again_brings_it_back(tmp_path: Path) -> None:
    space = made.workspace(tmp_path)
    info = made.add(space)
    space.erase_raw(info.id)
    assert space.raw(info.id) is None and space.row_numbers(info.id) is None
    assert space.dataset(info.id).vault_until is None and len(space.rows(info.id)) == 6
    assert not [p for p in everything(space.home) if "sealed" in p.name]
    assert made.add(space).id == info.id
    assert space.raw(info.id) == made.raw()


@pytest.mark.parametrize(
    ("last", "until"),
    [
        (dt.date(2026, 11, 20), dt.date(2026, 12, 23)),
        (dt.date(2026, 12, 20), dt.date(2027, 1, 19)),  # 30 days after the last appointment
        (dt.date(2016, 5, 31), dt.date(2026, 12, 23)),  # a past file: 30 days after its upload
        (None, dt.date(2026, 12, 23)),
        (dt.date(3026, 1, 1), dt.date(2027, 12, 28)),  # a mistyped year
    ],
)
def test_the_vault_is_erased_when_its_time_has_come(tmp_path: Path, last: dt.date | None, until: dt.date) -> None:
    space = made.workspace(tmp_path)
    info = made.add(space, last_date=last)
    assert info.vault_until == until
    assert space.expire_vaults(until) == () and space.raw(info.id) is not None
    assert space.expire_vaults(until + dt.timedelta(days=1)) == (info.id,)
    assert space.raw(info.id) is None and space.expire_vaults(dt.date(2100, 1, 1)) == ()


@stores.IN_THE_FOLDER
def test_a_tampered_vault_is_refused(tmp_path: Path) -> None:
    space = made.workspace(tmp_path)
    one, two = made.add(space), made.add(space, sha256="b" * 64)
    vaults = [space.dataset_folder(d.id) / "raw.sealed" for d in (one, two)]
    vaults[0].write_bytes(vaults[1].read_bytes())  # whole, but of another data set
    with refused(WorkspaceError, match="cofre"):
        space.raw(one.id)
    assert space.raw(two.id) is not None


def test_deletion_takes_everything_and_names_the_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    space = made.workspace(tmp_path)
    info, stays = made.add(space), made.add(space, sha256="b" * 64)
    model_id, other = made.add_model(space, info.id), made.add_model(space, stays.id)
    space.save_past_risks(model_id, info.id, pd.DataFrame({"risk": [0.5]}))
    space.save_scored(info.id, other, made.TODAY, pd.DataFrame({"risk": [0.5]}), {})
    monkeypatch.setattr(job_launch, "_command", lambda _job: [sys.executable, "-c", "input()"])
    monkeypatch.setattr(job_launch, "_process_ended", lambda _space, _job, _attempt: None)
    job = job_queue.start(space, info.id, kinds.TRAIN, effort="fast", seed=1)
    with refused(WorkspaceError, match="Pare isso antes"):
        space.delete_dataset(info.id)
    job_worker.fail(space, job.id, note("job.fault"))
    learnt = space.delete_dataset(info.id)
    assert [(m.id, m.dataset_id, m.dataset_deleted) for m in learnt] == [(model_id, None, True)]
    assert space.datasets() == (stays,) and job_queue.last(space) is None
    assert {m.id for m in space.models()} == {model_id, other} and space.bundle_path(model_id).read_bytes() == b"bundle"
    left = "".join(str(p) for p in everything(space.home))
    assert info.id not in left and job.id not in left
    for ask in (space.dataset, space.rows, space.raw, space.report, space.delete_dataset):
        with refused(WorkspaceError, match="não existe mais"):
            ask(info.id)


def test_a_deletion_that_was_cut_short_ends_at_the_next_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    space = made.workspace(tmp_path)
    info = made.add(space)

    def crash(_self: Workspace, _id: str) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Workspace, "_remove_dataset", crash)
        with pytest.raises(KeyboardInterrupt):
            space.delete_dataset(info.id)
    assert space.datasets() == () and space.dataset_folder(info.id).is_dir()
    assert not made.workspace(tmp_path).dataset_folder(info.id).exists()


def test_leftovers_of_a_killed_process_are_swept_but_not_what_is_being_written(tmp_path: Path) -> None:
    space = made.workspace(tmp_path)
    made.add(space)
    old, fresh, gone = space.staging / "000000000000", space.staging / "fresh", space.staging / "removed-1"
    for folder in (old, fresh, gone):
        folder.mkdir()
    os.utime(old, (1.0, 1.0))
    made.workspace(tmp_path)
    assert (old.exists(), fresh.exists(), gone.exists()) == (False, True, False)


def test_models_and_their_risks(tmp_path: Path) -> None:
    space = made.workspace(tmp_path)
    info = made.add(space)
    source = tmp_path / "m.zip"
    source.write_bytes(b"PK\x03")
    loaded = space.add_model(source, Origin("toy", None, "x", '{"a": 1}', made.TODAY, auc_ahead=None))
    assert space.bundle_path(loaded.id).read_bytes() == b"PK\x03" and source.exists()
    assert json.loads(space.card(loaded.id)) == {"a": 1} and space.models("toy") == (loaded,)
    assert space.past_risks(loaded.id, info.id) is None
    for value in (0.1, 0.2):  # the newer takes the place of the older
        risks = pd.DataFrame({"row": np.arange(3), "risk": np.full(3, value, np.float32)})
        space.save_past_risks(loaded.id, info.id, risks)
        space.save_scored(info.id, loaded.id, made.TODAY, risks, {"expected": value})
    past = space.past_risks(loaded.id, info.id)
    assert past is not None and past[1] == {}
    pd.testing.assert_frame_equal(past[0], risks)
    scored = space.scored(info.id, loaded.id, made.TODAY)
    assert scored is not None and scored[1] == {"expected": 0.2}
    assert space.scored(info.id, loaded.id, dt.date(2026, 1, 1)) is None
    assert len([p for p in space.dataset_folder(info.id).iterdir() if p.is_dir()]) == 2
    space.delete_model(loaded.id)
    assert space.past_risks(loaded.id, info.id) is None and space.models() == ()
    assert [p for p in space.dataset_folder(info.id).iterdir() if p.is_dir()] == []
    assert list((space.home / "models").iterdir()) == []


def test_risks_of_what_was_deleted_meanwhile_are_not_kept(tmp_path: Path) -> None:
    space = made.workspace(tmp_path)
    info = made.add(space)
    frame = pd.DataFrame({"risk": [0.5]})
    with refused(WorkspaceError, match="apagado"):
        space.save_past_risks("0" * 12, info.id, frame)
    with refused(WorkspaceError, match="apagado"):
        made.add_model(space, "0" * 12)
    assert [p for p in space.dataset_folder(info.id).iterdir() if p.is_dir()] == []
    assert list((space.home / "models").iterdir()) == []


@pytest.mark.parametrize("bad", ["../../etc/passwd", "", "A" * 12, "0" * 13, "0" * 11 + "\n", "0" * 11 + "/", None, 12])
def test_an_id_from_an_address_is_checked_and_not_repeated(tmp_path: Path, bad: str) -> None:
    space = made.workspace(tmp_path)
    for ask in (space.dataset, space.rows, space.raw, space.model, space.bundle_path, space.card, space.job_log):
        with refused(WorkspaceError, match="não existe neste espaço") as caught:
            ask(bad)
        assert not bad or str(bad) not in told(caught.value)


def test_settings(tmp_path: Path) -> None:
    space = made.workspace(tmp_path)
    assert space.setting("product") is None and space.setting("product", "toy") == "toy"
    for value in ("toy", {"a": [1, None, "ã"]}):
        space.set_setting("product", value)
        assert made.workspace(tmp_path).setting("product") == value


def test_a_full_disk_loses_nothing_and_gets_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    space = made.workspace(tmp_path)
    info = made.add(space)

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with refused(WorkspaceError, match="disco está cheio"):
            made.add(space, sha256="b" * 64)
        with refused(WorkspaceError, match="disco está cheio"):
            made.add_model(space, info.id)
    assert space.datasets() == (info,) and len(space.rows(info.id)) == 6
    assert list(space.staging.iterdir()) == []


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    with refused(WorkspaceError, match="permissão"):
        Workspace(tmp_path / "locked" / "home", key=made.KEY)


def test_a_file_in_place_of_the_folder_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("x")
    with refused(WorkspaceError, match="abrir o espaço de trabalho"):
        made.workspace(tmp_path)
