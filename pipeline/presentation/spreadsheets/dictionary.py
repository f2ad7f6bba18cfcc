"""The data dictionary of a product, made from its declaration alone."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl import Workbook

from pipeline.contract import Field, FieldKind, Product
from pipeline.presentation.escaping import visible
from pipeline.presentation.locale.numbers import listed
from pipeline.presentation.spreadsheets import cells

HEADERS = (
    "Campo",
    "Nome no código",
    "O que é",
    "Como se escreve",
    "Exemplos",
    "Obrigatório",
    "Se faltar",
    "Outros cabeçalhos aceitos",
)
_WIDTHS = (26, 20, 46, 46, 34, 13, 46, 46)
_KINDS = {
    FieldKind.IDENTIFIER: "Texto que diferencia cada um; zeros à esquerda importam",
    FieldKind.DATE: "Data, dia/mês/ano",
    FieldKind.OPEN: "Texto livre, sempre com o mesmo nome para a mesma coisa",
    FieldKind.UF: "Sigla ou nome da unidade federativa",
    FieldKind.CEP: "CEP, oito dígitos",
    FieldKind.RATING: "De 1 a 5 estrelas",
    FieldKind.FREE_TEXT: "Texto como o cliente escreveu",
}


def how_to_write(field: Field) -> str:
    """How the cells of a field are filled in, in one line."""
    if field.kind is FieldKind.CLOSED:
        return "Um destes valores: " + listed([v.label for v in field.values], "ou")
    text = _KINDS[field.kind]
    if field.keeps_time:
        text += "; a hora, quando houver, vem junto (10/01/2025 14:30)"
    if field.accepts_age:
        text += "; uma coluna com a idade em anos também serve"
    return text


def required(field: Field, product: Product) -> str:
    """Whether the column can be done without."""
    if field.required:
        return "sim"
    if field.asked_when:
        other, value = field.asked_when
        return f"quando {product.field(other).label} é {value}"
    if field.extra:
        return "não se pede; usado se vier"
    return "para treinar" if field.key == product.target.key else "não"


def lines(product: Product, fields: Sequence[Field]) -> list[tuple[str, ...]]:
    """One line a field, in the order of `HEADERS`."""
    return [
        (
            field.label,
            field.key,
            field.source,
            how_to_write(field),
            "; ".join(field.examples),
            required(field, product),
            field.if_missing,
            ", ".join(field.synonyms),
        )
        for field in fields
    ]


def dictionary_xlsx(product: Product) -> bytes:
    """The dictionary as a workbook of one sheet."""
    book = Workbook(write_only=True)
    write_sheet(book, product, "Dicionário", product.fields)
    return cells.to_bytes(book)


def write_sheet(book: Workbook, product: Product, name: str, fields: Sequence[Field]) -> None:
    """Adds the dictionary of these fields as a sheet."""
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "B2"
    cells.paper(sheet)
    cells.widths(sheet, _WIDTHS)
    sheet.append(cells.header(sheet, HEADERS))
    for line in lines(product, fields):
        sheet.append([cells.cell(sheet, visible(text), wrap=True) for text in line])
