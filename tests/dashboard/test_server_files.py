"""The server's folder on the data page: unset, empty, many, wrong, large; picked once, and by a second click."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from streamlit import config
from streamlit.testing.v1 import AppTest

from dashboard import picked
from pipeline import services
from pipeline.products.no_show import PRODUCT
from pipeline.records import Role
from pipeline.services import job_process
from pipeline.services.data import datasets, server_folder, server_reading
from pipeline.workspace.jobs import processes
from tests.conftest import ROOT
from tests.dashboard.pages import DATA, opened, said, sound
from tests.dashboard.people import comes_in

SAMPLE = ROOT / "data_samples" / "no_show_passado.csv"


def some_rows() -> bytes:
    return b"\n".join(SAMPLE.read_bytes().splitlines()[:300])


@pytest.fixture(autouse=True)
def _first_start(empty_home: Path) -> None:
    """Nothing is kept yet; the settings are those beside app.py."""
    config.set_option("server.maxUploadSize", 300)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = tmp_path / "pasta"
    made.mkdir()
    monkeypatch.setenv(server_folder.VARIABLE, str(made))
    return made


def choices(app: AppTest) -> list[str]:
    found = [one for one in app.multiselect if str(one.key).startswith("server_choice")]
    return list(found[0].options) if found else []


def taken(app: AppTest, *names: str) -> AppTest:
    """Options whose words begin so are chosen and opened."""
    (control,) = (one for one in app.multiselect if str(one.key).startswith("server_choice"))
    control.set_value([one for one in control.options if one.startswith(names)])
    return sound(app.run().button("server_open").click().run(), PRODUCT)


def test_where_no_folder_is_set_one_line_says_how_to_have_it() -> None:
    app = sound(opened(DATA), PRODUCT)
    text = said(app).replace("\xa0", " ")
    assert "Até 300 MB por arquivo pelo navegador" in text and "PRESENCA_IMPORT" in text and not choices(app)


def test_an_empty_folder_and_one_that_is_gone_say_so(folder: Path) -> None:
    app = sound(opened(DATA), PRODUCT)
    assert "Não há arquivo nenhum na pasta do servidor" in said(app) and not choices(app)
    folder.rmdir()
    app = sound(app.run(), PRODUCT)
    assert "A pasta de arquivos do servidor não existe" in said(app)


def test_a_file_of_the_folder_is_kept_as_an_upload_is(folder: Path) -> None:
    (folder / "agosto.csv").write_bytes(some_rows())
    (folder / "link.csv").symlink_to(SAMPLE)
    app = sound(opened(DATA), PRODUCT)
    assert app.button("server_open").disabled and "1 não aparece: é um link, ou não é um arquivo comum" in said(
        app
    ).replace("\xa0", " ")
    app = taken(app, "agosto.csv")
    assert "Qual coluna é qual" in said(app) and "a leitura é feita à parte" not in said(app)
    app = sound(app.button("keep_upload").click().run(), PRODUCT)
    (info,) = datasets.datasets(services.open_workspace(), PRODUCT.key)
    assert info.name == "agosto.csv" and "Relatório dos dados" in said(app)
    assert app.session_state["dados"] == info.id and not picked_in(app)
    (control,) = (one for one in app.multiselect if str(one.key).startswith("server_choice"))
    assert control.value == []  # the next choice starts empty


def picked_in(app: AppTest) -> object:
    held = "server_picked" in app.session_state
    return app.session_state["server_picked"] if held else ()


def test_many_files_and_odd_names_are_told_apart_and_read_as_no_markdown(folder: Path) -> None:
    (folder / "2026").mkdir()
    for n in range(120):
        (folder / "2026" / f"{n:03d}.csv").write_bytes(b"a;b\n1;2\n")
    for name in ("a\u200bb.csv", "ab.csv", "![x](evil.example).csv", "linha\nnova.csv"):
        (folder / name).write_bytes(b"a;b\n1;2\n")
        os.utime(folder / name, (1000, 1000))
    app = sound(opened(DATA), PRODUCT)
    options = choices(app)
    assert len(options) == len(set(options)) == 126  # of files, of the folder, and of the whole one
    assert [one.replace("\xa0", " ").split(" · ")[:2] for one in options[:2]] == [
        ["A pasta inteira", "124 arquivos"],
        ["Pasta 2026", "120 arquivos"],
    ] or options[0].startswith("Pasta 2026")
    assert not [one for one in options if "\n" in one or "\u200b" in one]
    assert sum(one.startswith("ab.csv") for one in options) == 2 and "linha nova.csv" in " ".join(options)


@pytest.mark.slow
def test_a_folder_is_picked_with_all_that_lies_in_it(folder: Path) -> None:
    (folder / "2026").mkdir()
    rows = some_rows().splitlines()
    (folder / "2026" / "a.csv").write_bytes(b"\n".join(rows[:150]))
    (folder / "2026" / "b.csv").write_bytes(b"\n".join([rows[0], *rows[150:]]))
    app = taken(sound(opened(DATA), PRODUCT), "Pasta 2026")
    assert "Um conjunto de dados só" in said(app) and "2 arquivos" in said(app)
    sound(app.button("keep_upload").click().run(), PRODUCT)
    (info,) = datasets.datasets(services.open_workspace(), PRODUCT.key)
    assert info.rows > 200


@pytest.mark.parametrize(
    ("content", "match"), [(b"%PDF-1.7 nada", "PDF"), (b"", "vazio"), (b"a;b\n1;2\n", "Qual coluna é qual")]
)
def test_a_wrong_file_is_a_sentence(folder: Path, content: bytes, match: str) -> None:
    (folder / "a.csv").write_bytes(content)
    assert match in said(taken(sound(opened(DATA), PRODUCT), "a.csv"))


@pytest.mark.slow
def test_a_file_that_changed_since_is_chosen_again(folder: Path) -> None:
    (folder / "a.csv").write_bytes(some_rows())
    app = taken(sound(opened(DATA), PRODUCT), "a.csv")
    (folder / "a.csv").write_bytes(some_rows() + b"\n")
    app = sound(app.button("keep_upload").click().run(), PRODUCT)
    assert "Qual coluna é qual" not in said(app) and not picked_in(app)  # the list has another file by now
    assert not datasets.datasets(services.open_workspace(), PRODUCT.key)


def test_what_is_large_is_read_beside_and_come_back_to(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_folder, "AT_ONCE", 0)
    monkeypatch.setattr(processes, "start", lambda *_, **__: os.getpid())
    (folder / "a.csv").write_bytes(some_rows())
    app = taken(sound(opened(DATA), PRODUCT), "a.csv")
    assert "a leitura é feita à parte" in said(app)
    app = sound(app.button("keep_upload").click().run(), PRODUCT)
    space = services.open_workspace()
    job = server_reading.current(space)
    assert job is not None and "Lendo os arquivos do servidor" in said(app) and not choices(app)
    assert app.query_params[picked.READING] in (job.id, [job.id])
    other = sound(opened(DATA), PRODUCT)
    assert "a pedido de outra janela" in said(other) and "Enquanto esta leitura não termina" in said(other)
    job_process.run_job(job.id)  # as its process does
    back = opened(DATA, leitura=job.id)
    (info,) = datasets.datasets(space, PRODUCT.key)
    text = said(sound(back, PRODUCT))
    assert "Os arquivos do servidor foram lidos e guardados" in text and back.session_state["dados"] == info.id


@pytest.mark.slow
def test_a_reading_is_cancelled_and_begun_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_folder, "AT_ONCE", 0)
    monkeypatch.setattr(processes, "start", lambda *_, **__: os.getpid())
    (folder / "a.csv").write_bytes(some_rows())
    app = taken(sound(opened(DATA), PRODUCT), "a.csv")
    app = sound(app.button("keep_upload").click().run(), PRODUCT)
    job = server_reading.current(services.open_workspace())
    assert job is not None
    app = sound(app.button("cancel_reading").click().run(), PRODUCT)
    job_process.run_job(job.id)
    app = sound(app.run(), PRODUCT)
    assert "A leitura foi cancelada; nada foi guardado" in said(app) and choices(app)
    app = taken(app, "a.csv")
    assert "cancelada" not in said(app)


def test_who_may_bring_no_data_sees_nothing_of_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "a.csv").write_bytes(some_rows())
    space = services.open_workspace()
    comes_in(space, Role.MANAGER, monkeypatch)
    assert choices(sound(opened(DATA), PRODUCT))
    comes_in(space, Role.READER, monkeypatch)
    text = said(AppTest.from_file(str(ROOT / "dashboard" / "main.py"), default_timeout=60).run())
    assert "pasta do servidor" not in text and "a.csv" not in text
