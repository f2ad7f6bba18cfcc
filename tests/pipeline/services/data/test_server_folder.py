"""Files of the server's folder, kept as an upload is; what is large by a job in a process of its own."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.errors import Cancelled, PresencaError, UnreadableFile
from pipeline.presentation.locale import messages
from pipeline.presentation.sentences import server_words
from pipeline.records import Note, Progress, Role
from pipeline.records.server_files import ServerFile
from pipeline.services import Workspace, catalog, job_process
from pipeline.services.data import datasets, server_folder, server_reading
from pipeline.services.data.placing import Into
from pipeline.services.session import Session
from pipeline.workspace.audit import OMITTED, FileName, audit, entries
from pipeline.workspace.jobs import job_worker, processes
from tests.pipeline.services.folder.test_folder import loans
from tests.pipeline.workspace.made import at_rest
from tests.refusals import refused
from tests.toy.house import train_here
from tests.toy.products import GUESTBOOK, LIBRARY

KEY = bytes(range(32))
NAMED = "Mariana Souza Pereira.csv"


@pytest.fixture(autouse=True)
def _products(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESENCA_TODAY", "2026-11-23")
    monkeypatch.setattr(catalog, "all_products", lambda: (LIBRARY, GUESTBOOK))


@pytest.fixture
def space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.setenv("PRESENCA_HOME", str(tmp_path / "home"))
    workspace = Workspace(tmp_path / "home")
    yield workspace
    workspace.close()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = tmp_path / "pasta"
    (made / "2026").mkdir(parents=True)
    monkeypatch.setenv(server_folder.VARIABLE, str(made))
    return made


@pytest.fixture
def all_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is read is a job's work, and run in this process: another one would not know products of the tests."""
    monkeypatch.setattr(server_folder, "AT_ONCE", 0)
    train_here(monkeypatch)


def listed(space: Workspace) -> tuple[ServerFile, ...]:
    return server_folder.listed(space).files


def test_a_file_becomes_what_an_upload_of_it_would(space: Workspace, folder: Path) -> None:
    content = loans(0)
    (folder / "2026" / "agosto.csv").write_bytes(content)
    (file,) = listed(space)
    assert server_folder.is_set(space) and not server_folder.is_large([file])
    seen = server_folder.preview(space, LIBRARY.key, file)
    assert seen == datasets.preview(space, LIBRARY.key, content, "agosto.csv") and not seen.is_beginning
    told: list[Progress] = []
    info = server_folder.keep(space, LIBRARY.key, [file], into=Into(name="Norte"), progress=told.append)
    assert (info.rows, info.name) == (30, "agosto.csv")
    shares = [one.share for one in told]
    assert shares == sorted(shares) and all(messages.say(one.stage) for one in told)
    again = datasets.keep(space, LIBRARY.key, content, "agosto.csv", into=Into(info.series))
    assert again.id == info.id  # the same file in the same series is the same data set
    taken = next(one for one in entries(space) if one.action == "server_file_taken")
    told_of = {"actor": "person", "file": "2026/agosto.csv", "bytes": len(content), "dataset": info.id}
    assert taken.facts == told_of
    assert list(space.staging.iterdir()) == []  # no copy stays


def test_several_become_one_data_set(space: Workspace, folder: Path) -> None:
    for n, name in enumerate(["a.csv", "b.csv", "c.csv.gz"]):
        plain = loans(100 * n)
        (folder / name).write_bytes(gzip.compress(plain) if name.endswith("gz") else plain)
    info = server_folder.keep(space, LIBRARY.key, listed(space), into=Into(name="Norte"))
    assert info.rows == 90
    assert [one.action for one in entries(space)].count("server_file_taken") == 3


def test_a_large_text_is_shown_by_its_beginning(
    space: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_folder, "_HEAD", 2_000)
    plain = loans(0, 300)
    (folder / "a.csv").write_bytes(plain)
    (folder / "b.csv.gz").write_bytes(gzip.compress(plain))
    (folder / "c.csv").write_bytes(plain.decode().encode("utf-16"))
    for file in listed(space):
        seen = server_folder.preview(space, LIBRARY.key, file)
        assert seen.is_beginning and 10 < seen.rows < 60, file.path
        assert {one.field for one in seen.columns} >= {"card", "due"} or len(seen.columns) == 5
    (folder / "d.csv").write_bytes(b"\0" * 5_000)  # no text: the whole of it is tried, and says why
    with refused(UnreadableFile):
        server_folder.preview(space, LIBRARY.key, next(one for one in listed(space) if one.path == "d.csv"))


def test_a_name_that_says_who_somebody_is_is_not_written(space: Workspace, folder: Path) -> None:
    (folder / NAMED).write_bytes(loans(0))
    (folder / "529.982.247-25").mkdir()
    (folder / "529.982.247-25" / "a.csv").write_bytes(loans(100))
    info = server_folder.keep(space, LIBRARY.key, listed(space), into=Into(name="Norte"))
    told = [one.facts["file"] for one in entries(space) if one.action == "server_file_taken"]
    assert told == [OMITTED, OMITTED] and info.rows == 60
    audit(space, "server_file_taken", file=FileName("a\nb.csv"))
    assert entries(space)[0].facts == {"file": OMITTED}
    seen = " ".join(at_rest(space.home).values())
    assert "Mariana" not in seen and "529.982" not in seen


@pytest.mark.parametrize("told", ["", "pasta", "/nao/existe", "home", "home/datasets", "."])
def test_a_folder_that_will_not_do(
    space: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: str
) -> None:
    inside = told in ("home", "home/datasets", ".")
    monkeypatch.setenv(server_folder.VARIABLE, str(tmp_path / told) if inside else told)
    assert server_folder.is_set(space) is bool(told)
    with refused(PresencaError, match="dentro do espaço" if inside else "não existe.*PRESENCA_IMPORT"):
        server_folder.listed(space)


def test_what_is_larger_than_any_that_is_read_is_not_even_copied(
    space: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESENCA_MEMORY", "500MB")  # what is free changes while one looks
    with (folder / "a.csv").open("wb") as file:
        file.truncate(server_folder.largest() + 1)
    with refused(UnreadableFile, match="passa|grande|limite"):
        server_folder.keep(space, LIBRARY.key, listed(space))
    with refused(PresencaError, match="de 1 a 200"):
        server_folder.keep(space, LIBRARY.key, ())
    assert list(space.staging.iterdir()) == []


def test_the_refusal_of_one_of_several_names_it(space: Workspace, folder: Path) -> None:
    for name in ("a.csv", NAMED):
        (folder / name).write_bytes(loans(0))
    found = listed(space)
    (folder / NAMED).write_bytes(b"another")
    with refused(PresencaError, match=r"\[nome\].*mudou desde que a lista"):
        server_folder.keep(space, LIBRARY.key, found)


@pytest.mark.parametrize("role", [Role.READER, Role.ATTENDANT])
def test_who_may_bring_no_data_sees_nothing_of_it(space: Workspace, folder: Path, role: Role) -> None:
    (folder / "a.csv").write_bytes(loans(0))
    found = listed(space)
    session = Session(space, user=space.add_user("ana", "Ana", role))
    for use_case, asked in (
        (server_folder.is_set, ()),
        (server_folder.listed, ()),
        (server_folder.preview, (LIBRARY.key, found[0])),
        (server_folder.keep, (LIBRARY.key, found)),
        (server_reading.start, (LIBRARY.key, found)),
        (server_reading.current, ()),
        (server_reading.job, ("0" * 12,)),
        (server_reading.cancel, ("0" * 12,)),
    ):
        assert not session.allows(use_case)
        with refused(PresencaError, match="não tem permissão"):
            use_case(session, *asked)  # type: ignore[operator]


# ---------------------------------------------------------------- the job


def test_what_is_large_is_kept_by_a_job(space: Workspace, folder: Path, all_large: None) -> None:
    (folder / NAMED).write_bytes(loans(0))
    job = server_reading.start(space, LIBRARY.key, listed(space), into=Into(name="Norte"))
    done = server_reading.job(space, job.id)
    assert done.state == "done" and done.product == LIBRARY.key, done.message
    assert space.dataset(done.dataset_id).rows == 30 and server_reading.current(space) is None
    assert job_worker.settings(space, job.id) == {}
    actions = [one.action for one in entries(space)]
    assert {"server_reading_started", "server_file_taken", "dataset_added", "server_reading_ended"} <= set(actions)
    assert "Mariana" not in " ".join(at_rest(space.home).values())
    datasets.delete(space, done.dataset_id)  # and the job with it
    with refused(PresencaError):
        server_reading.job(space, job.id)


def test_what_a_job_was_told_rests_sealed_and_is_forgotten(
    space: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "start", lambda *_, **__: os.getpid())
    (folder / NAMED).write_bytes(loans(0))
    job = server_reading.start(space, LIBRARY.key, listed(space), into=Into(name="Clínica da Mariana"))
    assert "Mariana" not in json.dumps(job_worker.settings(space, job.id))
    assert "Mariana" not in " ".join(at_rest(space.home).values())
    with refused(PresencaError, match="Já há arquivos do servidor sendo lidos"):
        server_reading.start(space, LIBRARY.key, listed(space))
    server_reading.cancel(space, job.id)
    job_process.run_job(job.id)  # it hears of it at its first step
    ended = server_reading.job(space, job.id)
    assert ended.state == "cancelled" and job_worker.settings(space, job.id) == {} and not space.datasets()
    said = messages.told(server_words.why(ended.message))
    assert said == "A leitura foi cancelada; nada foi guardado."
    assert list(space.staging.iterdir()) == []


def test_a_job_does_what_whoever_began_it_may_do_by_then(
    space: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.csv").write_bytes(loans(0))
    monkeypatch.setattr(processes, "start", lambda *_, **__: os.getpid())
    admin, user = space.add_user("bia", "Bia", Role.ADMIN), space.add_user("ana", "Ana", Role.MANAGER)
    job = server_reading.start(Session(space, user=user), LIBRARY.key, listed(Session(space, user=user)))
    space.change_user(user.id, role=Role.READER, units=(), active=True)
    job_process.run_job(job.id)
    ended = server_reading.job(Session(space, user=admin), job.id)
    assert ended.state == "failed" and ended.message == Note("session.not_allowed") and not space.datasets()


@pytest.mark.parametrize("content", [b"a;b\n1;2\n", b"\0" * 100])
def test_a_job_that_can_not_says_why(space: Workspace, folder: Path, all_large: None, content: bytes) -> None:
    (folder / NAMED).write_bytes(content)
    job = server_reading.start(space, LIBRARY.key, listed(space))
    ended = server_reading.job(space, job.id)
    assert ended.state == "failed" and ended.message is not None
    said = messages.told(server_words.why(ended.message))
    assert "treino" not in said.lower() and "Mariana" not in said and len(said) > 20
    assert "Mariana" not in " ".join(at_rest(space.home).values())


def test_stopping_ends_between_two_steps(space: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "start", lambda *_, **__: os.getpid())
    (folder / "a.csv").write_bytes(loans(0))
    job = server_reading.start(space, LIBRARY.key, listed(space))
    heard: list[Progress] = []
    with pytest.raises(Cancelled):
        server_reading.run(space, job, heard.append, lambda: len(heard) >= 2)
    assert len(heard) == 2 and not space.datasets() and list(space.staging.iterdir()) == []


def test_each_end_has_words_of_its_own() -> None:
    for code in ("stopped", "orphaned", "cancelling", "cancelled", "out_of_memory", "fault"):
        said = messages.told(server_words.why(Note(f"job.{code}")))
        assert said and "treino" not in said.lower()
    assert messages.told(server_words.why(None))
    assert server_words.why(Note("reading.empty", {"name": "a"})).code == "reading.empty"
