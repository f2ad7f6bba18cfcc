"""What nobody should upload, on the page: one sentence in Portuguese or plain text, and the app goes on."""

from __future__ import annotations

import datetime as dt
import gzip
import io
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pipeline.products.no_show import PRODUCT
from tests.dashboard.pages import DATA, opened, said, sound
from tests.pipeline.ingestion.files import one_cell_far_away, xlsx_bytes

HEADER = "Paciente;Data do contato;Data do agendamento;Status;Unidade;Convênio\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8
PASSWORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 4000


def lines(number: int, *, status: str = "", unit: str = "Sé") -> str:
    """Appointments, one a line; both outcomes in turn unless `status` is given."""
    first = dt.date(2026, 1, 5)
    return "".join(
        f"P{n};{first + dt.timedelta(n % 90 - 3):%d/%m/%Y};{first + dt.timedelta(n % 90):%d/%m/%Y};"
        f"{status or ('Realizado', 'No-show')[n % 2]};{unit};SUS\n"
        for n in range(number)
    )


def zipped_gigabyte() -> bytes:
    packed, block = io.BytesIO(), b"1;01/01/2026;02/01/2026;Realizado;U;SUS\n" * 100_000
    with gzip.open(packed, "wb", 1) as file:
        for _ in range(10**9 // len(block) + 1):
            file.write(block)
    return packed.getvalue()


def uploaded(name: str, data: bytes) -> AppTest:
    app = opened(DATA)
    app.file_uploader[0].upload(name, data).run()
    return app


REFUSED = [  # of the reader, of the reader of workbooks, and of whoever keeps it
    ("foto.csv", PNG, "imagem PNG"),
    ("senha.xlsx", PASSWORD, "protegido por senha"),
    ("outra.csv", b"Nome;Valor\nA;1\nB;2\n", "Falta a coluna"),
]
MORE = [  # which readers refuse in their own tests, tests/pipeline/ingestion/reading
    ("vazio.csv", b"", "está vazio"),
    ("danificado.xlsx", xlsx_bytes({"A": [HEADER.split(";")] * 9})[:2_000], "danificado"),
    ("canto.xlsx", one_cell_far_away(), "o limite é 500"),
    ("cabecalho.csv", HEADER.encode(), "nenhuma linha de dados"),
    ("longa.csv", HEADER.encode() + b"P;" + b"x" * 10_000_000 + b"\n", "o limite de uma linha"),
    ("larga.csv", b";" * 999_999 + b"\n" + b";" * 999_999 + b"\n", "o limite é 500"),
]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [*REFUSED, *(pytest.param(*one, marks=pytest.mark.slow) for one in MORE)],
    ids=lambda value: value if isinstance(value, str) and "." in value else "",
)
def test_refused_with_one_sentence_and_the_next_file_is_welcome(
    empty_home: Path, name: str, data: bytes, words: str
) -> None:
    app = uploaded(name, data)
    if not app.error:  # it can be read, and is refused when it is to be kept
        app.button("keep_upload").click().run()
    sound(app, PRODUCT)
    (sentence,) = [str(e.value) for e in app.error]
    assert words in sentence.replace("\\", ""), sentence
    app.file_uploader[0].upload("boa.csv", (HEADER + lines(40)).encode()).run()
    app.button("keep_upload").click().run()
    assert not app.error and "40" in said(sound(app, PRODUCT))


@pytest.mark.slow
def test_gz_of_a_gigabyte(empty_home: Path) -> None:
    app = uploaded("giga.csv.gz", zipped_gigabyte())
    (sentence,) = [str(e.value) for e in sound(app, PRODUCT).error]
    assert "600 MB" in sentence


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        pytest.param(
            "nulos.csv", HEADER + lines(40).replace("P7;", "P\x007;"), "caractere nulo", marks=pytest.mark.slow
        ),
        (
            "dois.csv",
            HEADER + "Id do paciente;Data contato;Data agendamento;Situação;Unidade;Plano\n" + lines(40),
            "segundo cabeçalho",
        ),
        ("dez.csv", HEADER + lines(10), "são precisas 500 linhas"),
        pytest.param("uma_classe.csv", HEADER + lines(700, status="Realizado"), "0 de falta", marks=pytest.mark.slow),
    ],
)
def test_kept_with_a_sentence_about_what_it_lacks(empty_home: Path, name: str, text: str, words: str) -> None:
    app = uploaded(name, text.encode())
    app.button("keep_upload").click().run()
    assert words in said(sound(app, PRODUCT))


UNITS = (
    "**negrito** [aqui](http://evil.example)",
    "![x](http://evil.example/x.png)",
    "<img src=x onerror=alert(1)>",
    '=HYPERLINK("http://evil.example")',
    ":red[perigo] $x^2$",
)


def test_names_of_units_are_text(empty_home: Path) -> None:
    worst = UNITS[0], UNITS[2]  # the two that the finding names
    rows = [lines(60, unit=unit) + lines(0 if unit in worst else 120, unit=unit, status="Realizado") for unit in UNITS]
    app = uploaded("unidades.csv", (HEADER + "".join(rows)).encode())
    app.button("keep_upload").click().run()
    sound(app, PRODUCT)
    seen: set[str] = set()
    for page in ("views/data.py", "views/risk.py"):
        for shown in (str(element.value) for element in opened(page).markdown):
            marks = [mark for mark in ("evil", "perigo", "onerror") if mark in shown]
            assert not marks or "\\" in shown, shown
            seen.update(marks)
    assert seen == {"evil", "onerror"}
