"""Files as clinics send them:
each is the same sixteen sound appointments, written or spoilt in one way, with what must be said of it.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import openpyxl

from tests.pipeline.ingestion.files import csv_bytes, xlsx_bytes
from tests.pipeline.ingestion.other_files import html_bytes, ods_bytes, xls_bytes
from tests.pipeline.ingestion.tables import HEADERS, sound

ROWS = 16
Table = list[list[str]]


@dataclass(frozen=True)
class Case:
    """A file and its report: rows read and usable, fields found,
    issues with the rows that they name, what the notes hold.
    """

    name: str
    data: bytes
    file: str = "agenda.csv"
    rows: int = ROWS
    usable: int = ROWS
    fields: int = 13
    issues: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    same: bool = True  # the clean file holds the sixteen rows just as they were meant


def table(rows: int = ROWS, change: Callable[[dict[str, list[str]]], None] | None = None) -> Table:
    """Header and rows, under the contract's own headers."""
    columns = sound(rows)
    if change:
        change(columns)
    return [[HEADERS[key] for key in columns], *map(list, zip(*columns.values(), strict=True))]


def _put(key: str, *cells: tuple[int, str]) -> Table:
    """The table with some cells changed: (place of the row from 0, text)."""

    def change(columns: dict[str, list[str]]) -> None:
        for row, text in cells:
            columns[key][row] = text

    return table(change=change)


def _each(key: str, write: Callable[[str], str]) -> Table:
    def change(columns: dict[str, list[str]]) -> None:
        columns[key] = [write(cell) for cell in columns[key]]

    return table(change=change)


def _days(write: Callable[[dt.date], str]) -> Table:
    def change(columns: dict[str, list[str]]) -> None:
        for key in ("birth_date", "contact_date", "scheduled_date"):
            columns[key] = [write(dt.datetime.strptime(cell, "%d/%m/%Y").date()) for cell in columns[key]]

    return table(change=change)


def _headers(names: Mapping[str, str]) -> Table:
    rows = table()
    return [[names.get(key, HEADERS[key]) for key in HEADERS], *rows[1:]]


def _book(write: Callable[[openpyxl.Workbook], None]) -> bytes:
    book = openpyxl.Workbook()
    write(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet(spoil: Callable[[openpyxl.Workbook], None], above: Table | None = None, below: Table | None = None) -> bytes:
    def write(book: openpyxl.Workbook) -> None:
        for row in [*(above or []), *table(), *(below or [])]:
            book.active.append(row)
        spoil(book)

    return _book(write)


def _nothing(_: openpyxl.Workbook) -> None:
    """A plain workbook."""


def _merged_title(book: openpyxl.Workbook) -> None:
    book.active.insert_rows(1)
    book.active["A1"] = "Agenda do mês"
    book.active.merge_cells("A1:M1")


def _filtered(book: openpyxl.Workbook) -> None:
    book.active.auto_filter.ref = "A1:M17"
    book.active.row_dimensions[3].hidden = True


def _hidden_column(book: openpyxl.Workbook) -> None:
    book.active.column_dimensions["C"].hidden = True


def _protected(book: openpyxl.Workbook) -> None:
    book.active.protection.sheet = True
    book.active.protection.password = "segredo"
    book.security.lockStructure = True


def _side_by_side(book: openpyxl.Workbook) -> None:
    for at, (name, value) in enumerate((("Meta", "Valor"), ("Faltas", "10"), ("Vagas", "90")), start=1):
        book.active.cell(at, 15, name)
        book.active.cell(at, 16, value)


def _commented(book: openpyxl.Workbook) -> None:
    book.active["B2"].comment = openpyxl.comments.Comment("conferir", "Ana")
    book.active["B2"].fill = openpyxl.styles.PatternFill("solid", fgColor="FFFF00")


def _real_dates() -> bytes:
    def write(book: openpyxl.Workbook) -> None:
        for row in table():
            book.active.append([dt.datetime.strptime(c, "%d/%m/%Y") if c[2:3] == "/" else c for c in row])

    return _book(write)


def _csv(rows: Table, **options: object) -> bytes:
    return csv_bytes(rows, **options)  # type: ignore[arg-type]


def _quoted(rows: Table) -> bytes:
    return csv_bytes(rows, quoting=csv.QUOTE_ALL)


_WEEK = ("segunda", "terça", "quarta", "quinta", "sexta", "sábado", "domingo")
_MONTHS = ("jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez")
_PT, _EN, _UTF = "cp1252", "utf-8-sig", "utf-8"
T = table()

CASES = (
    # ---- how a text is written
    Case("excel em português", _csv(T, encoding=_PT)),
    Case(
        "excel em inglês",
        _csv(_days(lambda d: f"{d.month}/{d.day}/{d.year}"), delimiter=",", encoding=_EN),
        notes=("mês/dia/ano",),
    ),
    Case("libreoffice", _csv(T, delimiter=",", end="\n")),
    Case("google planilhas", _csv(T, delimiter=",", end="\r\n", encoding=_UTF)),
    Case("tabulações", _csv(T, delimiter="\t"), "agenda.tsv"),
    Case("barras verticais", _csv(T, delimiter="|")),
    Case("utf-16", _csv(T, delimiter="\t", encoding="utf-16"), "agenda.txt"),
    Case("utf-8 com marca", _csv(T, encoding=_EN)),
    Case("acentos separados", unicodedata.normalize("NFD", _csv(T).decode()).encode()),
    Case("linhas de mac antigo", _csv(T, end="\r")),
    Case("linhas de unix", _csv(T, end="\n")),
    Case("tudo entre aspas", _quoted(T)),
    Case("compactado", gzip.compress(_csv(T)), "agenda.csv.gz"),
    Case("sep= na primeira linha", b"sep=;\r\n" + _csv(T)),
    Case("separador dentro de aspas", _csv(_each("unit", lambda u: f"{u}; Centro"))),
    Case("quebra de linha dentro da célula", _csv(_each("procedure", lambda p: f"{p}\nurgente")), same=False),
    Case("aspas dentro da célula", _csv(_each("unit", lambda u: f'{u} "Sul"'))),
    Case("espaços em volta", _csv([[f" {c}  " for c in row] for row in T]), same=False),
    # ---- o que há em volta da tabela
    Case("título acima", _csv([["Agenda de março"], *T]), notes=("cabeçalho foi encontrado na linha 2",)),
    Case(
        "notas acima",
        _csv([["Clínica X"], ["Emitido em 01/03/2026"], [], *T]),
        notes=("cabeçalho foi encontrado na linha 4",),
    ),
    Case("linhas em branco no meio", _csv([*T[:5], [], [], *T[5:]]), notes=("2 linhas em branco",)),
    Case("totais no fim", _csv([*T, ["Total", *[""] * 11, "16"]]), rows=ROWS + 1, issues={"totals_row": (18,)}),
    Case(
        "cabeçalho repetido",
        _csv([*T[:9], T[0], *T[9:]]),
        rows=ROWS + 1,
        usable=ROWS,
        notes=("se repete no meio",),
        issues=dict.fromkeys(
            (
                "scheduled_unreadable",
                "birth_unreadable",
                "contact_unreadable",
                "sex_unknown",
                "status_unknown",
                "channel_unknown",
                "uf_unknown",
            ),
            (10,),
        ),
    ),
    Case("coluna vazia no fim", _csv([[*row, ""] for row in T])),
    Case(
        "linhas curtas",
        _csv([T[0], *[row[:12] for row in T[1:]]]),
        issues={"plan_missing": tuple(range(2, 18))},
        same=False,
        fields=13,
    ),
    # ---- cabeçalhos
    Case("maiúsculas", _csv([[h.upper() for h in T[0]], *T[1:]])),
    Case(
        "sem acentos e com _",
        _csv(
            [
                [
                    unicodedata.normalize("NFKD", h).encode("ascii", "ignore").decode().replace(" ", "_").lower()
                    for h in T[0]
                ],
                *T[1:],
            ]
        ),
    ),
    Case(
        "abreviados",
        _csv(
            _headers(
                {
                    "birth_date": "Dt. Nasc.",
                    "contact_date": "Dt. Contato",
                    "scheduled_date": "Dt. Agend.",
                    "status": "Sit. Agend.",
                }
            )
        ),
    ),
    Case("com erro de digitação", _csv(_headers({"scheduled_date": "Data do agendameto", "health_plan": "Convenioo"}))),
    Case(
        "em inglês",
        _csv(
            _headers(
                {
                    "patient_id": "Patient ID",
                    "birth_date": "DOB",
                    "sex": "Gender",
                    "contact_date": "Booked On",
                    "scheduled_date": "Appointment Date",
                    "status": "Appointment Status",
                    "uf": "State",
                    "health_plan": "Insurance",
                }
            )
        ),
    ),
    Case(
        "em espanhol",
        _csv(
            _headers(
                {
                    "birth_date": "Fecha de nacimiento",
                    "scheduled_date": "Fecha de la cita",
                    "status": "Estado de la cita",
                    "contact_date": "Fecha de solicitud",
                    "procedure": "Procedimiento",
                }
            )
        ),
    ),
    Case("em outra ordem", _csv([row[::-1] for row in T])),
    Case(
        "colunas a mais",
        _csv(
            [
                [*row, "Observação" if i == 0 else f"obs {i}", "Médico" if i == 0 else "Dra. Ana"]
                for i, row in enumerate(T)
            ]
        ),
    ),
    Case("sem convênio", _csv([row[:12] for row in T]), fields=12),
    Case("coluna repetida", _csv([[*row, row[2]] for row in T]), notes=("nome de coluna se repete",)),
    # ---- datas
    Case("datas ISO", _csv(_days(lambda d: d.isoformat()))),
    Case("datas com pontos", _csv(_days(lambda d: d.strftime("%d.%m.%Y")))),
    Case("ano de dois dígitos", _csv(_days(lambda d: d.strftime("%d/%m/%y"))), notes=("anos de dois dígitos",)),
    Case("números do excel", _csv(_days(lambda d: str((d - dt.date(1899, 12, 30)).days))), notes=("números do Excel",)),
    Case("mês por extenso", _csv(_days(lambda d: f"{d.day}/{_MONTHS[d.month - 1]}/{d.year}"))),
    Case("dia da semana antes", _csv(_days(lambda d: f"{_WEEK[d.weekday()]} {d.strftime('%d/%m/%Y')}"))),
    Case("só dígitos", _csv(_days(lambda d: d.strftime("%Y%m%d")))),
    Case("com hora", _csv(_each("scheduled_date", lambda c: f"{c} 08:30"))),
    Case(
        "31/02",
        _csv(_put("scheduled_date", (3, "31/02/2026"), (7, "00/00/0000"))),
        usable=ROWS - 2,
        issues={"scheduled_unreadable": (5, 9)},
        same=False,
    ),
    Case(
        "nascimento ilegível",
        _csv(_put("birth_date", (2, "não lembra"))),
        issues={"birth_unreadable": (4,)},
        same=False,
    ),
    Case(
        "uma data vazia",
        _csv(_put("scheduled_date", (0, ""))),
        usable=ROWS - 1,
        issues={"scheduled_missing": (2,)},
        same=False,
    ),
    Case(
        "contato e agendamento trocados numa linha",
        _csv(_put("contact_date", (4, "20/03/2026"))),
        usable=ROWS - 1,
        issues={"contact_after_scheduled": (6,)},
        same=False,
    ),
    # ---- valores
    Case(
        "sexo abreviado",
        _csv(_each("sex", lambda s: {"Masculino": "MASC.", "Feminino": "FEM"}[s])),
        issues={"sex_rewritten": tuple(range(2, 18))},
    ),
    Case(
        "status com outras palavras",
        _csv(_each("status", lambda s: "Compareceu" if s == "Realizado" else "FALTOU")),
        issues={"status_rewritten": tuple(range(2, 18))},
    ),
    Case(
        "faltou sim ou não",
        _csv(
            [
                [*T[0][:5], "Faltou", *T[0][6:]],
                *[[*r[:5], "Sim" if r[5] == "No Show" else "Não", *r[6:]] for r in T[1:]],
            ]
        ),
        issues={"status_rewritten": tuple(range(2, 18))},
        notes=("sim foi lido como No Show",),
    ),
    Case(
        "compareceu sim ou não",
        _csv(
            [
                [*T[0][:5], "Compareceu", *T[0][6:]],
                *[[*r[:5], "N" if r[5] == "No Show" else "S", *r[6:]] for r in T[1:]],
            ]
        ),
        issues={"status_rewritten": tuple(range(2, 18))},
        notes=("sim foi lido como Realizado",),
    ),
    Case("status desconhecido", _csv(_put("status", (1, "Xpto"))), issues={"status_unknown": (3,)}, same=False),
    Case(
        "UF por extenso",
        _csv(_each("uf", lambda u: {"SP": "São Paulo", "RJ": "Rio de Janeiro"}[u])),
        issues={"uf_rewritten": tuple(range(2, 18))},
    ),
    Case("UF abreviada", _csv(_put("uf", (0, "S. Paulo"))), issues={"uf_rewritten": (2,)}),
    Case("UF que não existe", _csv(_put("uf", (0, "ZZ"))), issues={"uf_unknown": (2,)}, same=False),
    Case("unidade em duas grafias", _csv(_put("unit", (1, "CLINICA X"))), issues={"unit_variants": (3,)}, same=False),
    Case("linha repetida", _csv([*T, T[3]]), rows=ROWS + 1, issues={"repeated": (18,)}, usable=ROWS + 1, same=False),
    Case("id estragado", _csv(_put("patient_id", (0, "1,23457E+10"))), issues={"patient_destroyed": (2,)}, same=False),
    Case("paciente vazio", _csv(_put("patient_id", (5, ""))), issues={"patient_missing": (7,)}, same=False),
    # ---- planilhas
    Case("xlsx", _sheet(_nothing), "agenda.xlsx"),
    Case("datas de verdade no xlsx", _real_dates(), "agenda.xlsx"),
    Case(
        "título em células mescladas",
        _sheet(_merged_title),
        "agenda.xlsx",
        notes=("cabeçalho foi encontrado na linha 2",),
    ),
    Case("filtro e linhas ocultas", _sheet(_filtered), "agenda.xlsx"),
    Case("coluna oculta", _sheet(_hidden_column), "agenda.xlsx"),
    Case("pasta protegida contra mudanças", _sheet(_protected), "agenda.xlsx"),
    Case("duas tabelas lado a lado", _sheet(_side_by_side), "agenda.xlsx", notes=("duas tabelas lado a lado",)),
    Case("células com comentário e cor", _sheet(_commented), "agenda.xlsx"),
    Case(
        "aba oculta antes",
        xlsx_bytes({"Listas": [["a", "b"], ["1", "2"]], "Dados": T}, hidden=("Listas",)),
        "agenda.xlsx",
    ),
    Case(
        "capa antes",
        xlsx_bytes({"Capa": [["Relatório"]], "Dados": T}),
        "agenda.xlsx",
        notes=("Foi lida a aba “Dados”",),
    ),
    Case(
        "totais no xlsx",
        _sheet(_nothing, below=[["Total geral", *[""] * 12]]),
        "agenda.xlsx",
        rows=ROWS + 1,
        issues={"totals_row": (18,)},
    ),
    Case("xls de verdade", xls_bytes({"Dados": T}), "agenda.xls"),
    Case("ods", ods_bytes({"Dados": T}), "agenda.ods"),
    Case(
        "ods com aba oculta",
        ods_bytes({"Listas": [["a", "b"], ["1", "2"]], "Dados": T}, hidden=("Listas",)),
        "agenda.ods",
    ),
    Case("tabela HTML com nome de xls", html_bytes(T), "agenda.xls", notes=("página HTML",)),
    Case("tabela HTML em latin-1", html_bytes(T, "iso-8859-1"), "agenda.xls", notes=("página HTML",)),
    Case("tabela HTML com título dentro", html_bytes([["Agenda"], *T]), "agenda.xls", notes=("linha 2",)),
)
