"""A CPF, a name, a phone and an e-mail are planted wherever a file can hold them, and found nowhere at rest."""

from __future__ import annotations

import contextlib
import io
import logging
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline import services
from pipeline.errors import PresencaError
from pipeline.modeling.features import build
from pipeline.presentation.locale import messages
from pipeline.products.no_show import PRODUCT
from pipeline.records import Recipe
from pipeline.records.contacts import Caller, CallTold, Channel, ContactOutcome
from pipeline.services import catalog
from pipeline.services.data import datasets, event_keys, waiting
from pipeline.services.data.placing import Into
from pipeline.services.pages import contacts
from pipeline.services.session import Session
from pipeline.workspace.audit import entries

CPF, BARE, PHONE, MAIL = "529.982.247-25", "52998224725", "(27) 99876-1234", "zuleika.quaresma@clinica-azul.com.br"
NAME, FIRST = "Zuleika Anunciada Quaresma", "Zuleika"
SECRETS = (CPF, BARE, PHONE, MAIL, "clinica-azul", NAME, FIRST)
FILE = f"agenda_{NAME.replace(' ', '_')}_{CPF}_{MAIL}.csv"
HEADERS = ["Id Paciente", "Nome", "Celular", f"obs {CPF} {MAIL}", "Data Agendamento", "Data Contato", "Status",
           "Unidade", "Procedimento", "Tipo", "UF"]  # fmt: skip


def _line(i: int) -> list[str]:
    return [f"P{i:05d}", f"Pessoa {i}", "", "", f"{1 + i % 28:02d}/03/2026 10:00", "01/02/2026",
            "Falta" if i % 3 else "Realizado", "Central" if i % 2 else "Norte", "Consulta", "Volta", "ES"]  # fmt: skip


def planted() -> bytes:
    """Sixty plain rows; then rows in which each field in its turn holds each of the secrets."""
    lines = [HEADERS, *(_line(i) for i in range(60))]
    for place in range(len(HEADERS)):
        for secret in (CPF, BARE, PHONE, MAIL):
            lines.append([secret if at == place else cell for at, cell in enumerate(_line(70 + place))])
    for place in (4, 5, 10):  # dates and states: no name belongs there
        for name in (NAME, FIRST):
            lines.append([name if at == place else cell for at, cell in enumerate(_line(90 + place))])
    return "\n".join(";".join(line) for line in lines).encode()


def at_rest(home: Path) -> str:
    """Every byte of a workspace, and what its Parquet says."""
    files = [path for path in sorted(home.rglob("*")) if path.is_file()]
    plain = " ".join(path.read_bytes().decode("latin-1") + path.name for path in files)
    return plain + " ".join(str(pq.read_table(path).to_pydict()) for path in files if path.suffix == ".parquet")


def found_in(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


def test_what_is_planted_everywhere_rests_nowhere(workspace_home: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    space = services.open_workspace()
    session = Session(space)
    shown = datasets.preview(session, PRODUCT.key, planted(), FILE)
    assert shown.name == "Agenda" and found_in(shown.file_name) == []
    chosen = Recipe.of({PRODUCT.fields[0].key: HEADERS[0]})  # a decision, so that the headers are remembered
    info = datasets.keep(session, PRODUCT.key, planted(), FILE, recipe=chosen)
    assert [len(known.headers) for known in space.recipes(PRODUCT.key)] == [len(HEADERS)]
    assert found_in(info.name) == []
    assert found_in(at_rest(workspace_home)) == []
    for face in (datasets.report_html, datasets.report_json):
        assert found_in(face(session, info.id).decode()) == []
    with zipfile.ZipFile(io.BytesIO(datasets.report_xlsx(session, info.id))) as book:
        assert found_in(" ".join(book.read(name).decode() for name in book.namelist())) == []
    rows = space.rows(info.id)
    assert found_in(str(build.aggregate(rows, catalog.product(PRODUCT.key)).to_plain())) == []
    assert found_in(caplog.text) == []
    told = datasets.report(session, info.id).file.notes
    assert {"parsing.numbers_in_names"} <= {one.code for one in told}  # taken out, counted and said
    datasets.delete(session, info.id)
    assert space.recipes(PRODUCT.key) == () and found_in(at_rest(workspace_home)) == []
    assert found_in(str(entries(space))) == []


def test_a_rare_value_is_not_named_in_a_model(workspace_home: Path) -> None:
    space = services.open_workspace()
    info = datasets.keep(Session(space), PRODUCT.key, planted(), "agenda.csv", into=Into(name="Centro"))
    kept = build.aggregate(space.rows(info.id), catalog.product(PRODUCT.key))
    assert kept.rates and all(count >= 8 for table in kept.rates.values() for count in table.outcomes.values())
    assert all(set(names) <= {"central", "norte"} for names in kept.daily.values())


def test_what_is_typed_or_sent_beside_the_file_rests_nowhere_in_plain(
    workspace_home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    session = Session(services.open_workspace())
    info = datasets.keep(session, PRODUCT.key, planted(), FILE, into=Into(name="Centro"))
    known = session.workspace.rows(info.id, ["row", "patient_id"]).dropna()
    key, patient = event_keys.named(session, info.id)[int(known["row"].iat[0])], str(known["patient_id"].iat[0])
    about = f"ligar para {PHONE}, CPF {CPF}, {MAIL}"
    told = CallTold(patient, ((key, ContactOutcome.NO_ANSWER),), "0123456789ab", channel=Channel.CALL, note=about)
    contacts.record(session, info.series, told, Caller("ana-1", "Ana"))
    contacts.override(session, info.series, key, 0.4, about, Caller("ana-1", "Ana"))
    header, *lines = waiting.sample(PRODUCT.key, 12).decode("utf-8-sig").splitlines()
    queue = [
        ";".join([secret, *line.split(";")[1:]]) for secret, line in zip((CPF, PHONE, MAIL, NAME), lines, strict=False)
    ]
    waiting.upload(session, info.series, "\n".join([header, *queue, *lines[4:]]).encode(), FILE)
    with contextlib.suppress(PresencaError):
        waiting.upload(session, info.series, f"{NAME};{CPF}\n{PHONE};{MAIL}".encode(), FILE)
    with contextlib.suppress(PresencaError):
        datasets.keep(session, PRODUCT.key, f"{NAME};{CPF}\n{PHONE};{MAIL}".encode(), FILE)
    session.workspace.keep_records()
    session.workspace.database.settle()
    assert found_in(at_rest(workspace_home)) == []
    assert found_in(str(entries(session.workspace))) == [] and found_in(caplog.text) == []


@pytest.mark.parametrize("name", ["agenda", "resultados"])
def test_a_refusal_quotes_nobody(workspace_home: Path, name: str) -> None:
    session = Session(services.open_workspace())
    with pytest.raises(PresencaError) as refused:
        datasets.keep(session, PRODUCT.key, f"{NAME};{CPF}\n{PHONE};{MAIL}".encode(), f"{name}_{CPF}_{MAIL}.csv")
    assert found_in(messages.refusal(refused.value)) == []
