"""Small files for the tests of ingestion, and a toy product with the kinds of field that appointments lack."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping, Sequence

import pyarrow as pa

from pipeline.contract import Field, FieldKind, Product, Role, Rule, RuleKind, Sample, Severity, Words
from pipeline.ingestion.dataset import Dataset
from pipeline.ingestion.intake import ingest
from pipeline.ingestion.reading.reader import RawTable, read
from pipeline.presentation.sentences import issue_words
from pipeline.products.no_show import PRODUCT
from pipeline.records import Issue

TODAY = dt.date(2026, 3, 31)
HEADERS = {
    "patient_id": "ID único do paciente",
    "birth_date": "Data de Nascimento",
    "sex": "Sexo",
    "contact_date": "Data de contato",
    "scheduled_date": "Data do agendamento",
    "status": "Status do agendamento",
    "booking_channel": "Origem do agendamento",
    "appointment_type": "Tipo de Agendamento",
    "exam_category": "Categoria de Exame",
    "procedure": "Nome do Procedimento",
    "unit": "Nome da Unidade",
    "uf": "UF",
    "health_plan": "Convênio",
}


def raw_table(columns: Mapping[str, Sequence[str]]) -> RawTable:
    """A file with these columns, read as a clinic's would be."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return read(out.getvalue().encode(), "teste.csv")


def sound(rows: int = 20) -> dict[str, list[str]]:
    """Columns of appointments by field key with nothing wrong: one patient per row, one day per row."""
    start = dt.date(2026, 1, 5)
    days = [start + dt.timedelta(days=i % 60) for i in range(rows)]
    return {
        "patient_id": [f"P{i:05d}" for i in range(rows)],
        "birth_date": [f"{1 + i % 28:02d}/{1 + i % 12:02d}/{1950 + i % 50}" for i in range(rows)],
        "sex": ["Feminino" if i % 2 else "Masculino" for i in range(rows)],
        "contact_date": [(day - dt.timedelta(days=1 + i % 20)).strftime("%d/%m/%Y") for i, day in enumerate(days)],
        "scheduled_date": [day.strftime("%d/%m/%Y") for day in days],
        "status": ["No Show" if i % 5 == 0 else "Realizado" for i in range(rows)],
        "booking_channel": ["Online"] * rows,
        "appointment_type": ["Exame"] * rows,
        "exam_category": ["Ressonância"] * rows,
        "procedure": ["Ressonância de Pelve"] * rows,
        "unit": ["Clínica X" if i % 2 else "Hospital Y" for i in range(rows)],
        "uf": ["RJ" if i % 2 else "SP" for i in range(rows)],
        "health_plan": ["Amil"] * rows,
    }


def ingested(columns: Mapping[str, Sequence[str]], product: Product = PRODUCT, **options: object) -> Dataset:
    """Columns by field key (under the contract's headers) or by header, through the whole of ingestion."""
    named = {HEADERS.get(key, key): cells for key, cells in columns.items()}
    return ingest(raw_table(named), product, today=TODAY, **options)  # type: ignore[arg-type]


def issues_by_rule(dataset: Dataset) -> dict[str, Issue]:
    return {issue.rule: issue for issue in dataset.report.issues}


def sentence(issue: Issue, product: Product = PRODUCT) -> str:
    """What is said of an issue, with plain blanks."""
    return issue_words.message(issue, product).replace("\u00a0", " ")


def texts(*values: str) -> pa.Array:
    return pa.array(values, pa.string())


def _nothing(rows: int, seed: int, **_: object) -> list[pa.Table]:
    return []


def _field(key: str, label: str, kind: FieldKind, role: Role, **more: object) -> Field:
    return Field(key, label, kind, role, source=label, examples=("x",), if_missing=f"Sem {label}.", **more)  # type: ignore[arg-type]


TOY = Product(
    key="toy",
    title="Brinquedo",
    description="Produto dos testes.",
    words=Words(
        "visita",
        "visitas",
        "queixa",
        "queixas",
        "elogio",
        "Taxa de queixa",
        "Risco",
        "Modelo",
        "{one_in} {rate}",
        "{per_100} {rate}",
    ),
    fields=(
        _field("visited", "Data da visita", FieldKind.DATE, Role.OCCURRED, required=True),
        _field("stars", "Classificação", FieldKind.RATING, Role.TARGET, synonyms=("estrelas",)),
        _field("cep", "CEP do cliente", FieldKind.CEP, Role.POSTCODE, synonyms=("cep",)),
        _field("comment", "Texto", FieldKind.FREE_TEXT, Role.COMMENT, synonyms=("comentário",)),
    ),
    rules=(
        Rule(
            "visit_missing",
            RuleKind.MISSING,
            Severity.BLOCKER,
            ("visited",),
            "Sem data",
            "{rows} de {total} linhas sem data ({examples}).",
            "Preencha.",
        ),
        Rule(
            "visit_future",
            RuleKind.FUTURE,
            Severity.BLOCKER,
            ("visited",),
            "Data futura",
            "{rows} de {total} linhas [fica|ficam] no futuro ({examples}).",
            "Confira.",
        ),
        Rule(
            "stars_unreadable",
            RuleKind.UNREADABLE,
            Severity.WARNING,
            ("stars",),
            "Classificação ilegível",
            "{rows} de {total} linhas, como {values} ({examples}).",
            "Use de 1 a 5.",
            blanks=True,
        ),
        Rule(
            "cep_rewritten",
            RuleKind.REWRITTEN,
            Severity.NOTE,
            ("cep",),
            "CEP completado",
            "{rows} CEPs [lido|lidos] assim: {values}.",
            "Confira.",
        ),
        Rule(
            "comment_unreadable",
            RuleKind.EMPTY,
            Severity.NOTE,
            ("comment",),
            "Sem texto",
            "{rows} de {total} linhas ({examples}).",
            "Nada a fazer.",
        ),
    ),
    features=(),
    dimensions=(),
    sample=Sample(_nothing, ()),
)
