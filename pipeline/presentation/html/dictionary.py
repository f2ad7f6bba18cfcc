"""The data dictionary of a product as HTML, made from its declaration alone: for whoever prepares the export."""

from __future__ import annotations

from pipeline.contract import Field, Product
from pipeline.presentation.escaping import escape_html
from pipeline.presentation.html import page
from pipeline.presentation.locale.numbers import plural
from pipeline.presentation.spreadsheets.dictionary import how_to_write, required


def dictionary_html(product: Product) -> str:
    """One page without script: a line a field at first, then each with its examples and values."""
    needed = sum(1 for item in product.fields if item.required)
    lead = f"<strong>{plural(len(product.fields), 'campo', 'campos')}</strong>, {plural(needed, 'obrigatório', 'obrigatórios')}. {escape_html(product.description)}"
    parts = [
        page.heading(
            "Dicionário de dados",
            lead,
            ["Os cabeçalhos não precisam ser iguais: as colunas são reconhecidas pelo nome e pelo conteúdo"],
        ),
        page.section("Os campos", _overview(product)),
    ]
    parts += [page.section(item.label, _field(item, product)) for item in product.fields]
    return page.document(f"Dicionário de dados · {product.title}", product.title, parts)


def _overview(product: Product) -> str:
    rows = [
        (escape_html(item.label), escape_html(item.source), escape_html(required(item, product)))
        for item in product.fields
    ]
    return page.table(("Campo", "O que é", "Obrigatório"), rows)


def _field(item: Field, product: Product) -> str:
    lines = [
        ("O que é:", item.source),
        ("Como se escreve:", f"{how_to_write(item)}."),
        ("Exemplos:", "; ".join(item.examples)),
        ("Obrigatório:", required(item, product)),
        ("Se faltar:", item.if_missing),
        ("Outros cabeçalhos aceitos:", ", ".join(item.synonyms)),
        ("Nome no código:", item.key),
    ]
    values = [(escape_html(value.label), escape_html(", ".join(value.synonyms)) or "–") for value in item.values]
    return page.listing((name, text) for name, text in lines if text) + page.table(
        ("Valor", "Também se escreve"), values
    )
