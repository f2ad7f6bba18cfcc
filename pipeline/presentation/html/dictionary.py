"""The data dictionary of a product as HTML, made from its declaration alone: for whoever prepares the export."""

from __future__ import annotations

from pipeline.contract import Field, Product
from pipeline.presentation.html import page
from pipeline.presentation.locale.numbers import NONE, plural
from pipeline.presentation.sentences.theme_words import POLARITY
from pipeline.presentation.spreadsheets.dictionary import how_to_write, required


def dictionary_html(product: Product) -> str:
    """One page without script: a line a field at first, then each with its examples and values."""
    needed = sum(1 for item in product.fields if item.required)
    return page.render(
        "dictionary",
        figures=False,
        title=f"Dicionário de dados · {product.title}",
        product=product,
        fields_said=plural(len(product.asked), "campo", "campos"),
        required_said=plural(needed, "obrigatório", "obrigatórios"),
        overview=_overview(product),
        fields=[_field(item, product) for item in product.fields],
        themes=_themes(product) if product.themes else None,
    )


def _overview(product: Product) -> page.Table:
    rows = [(item.label, item.source, required(item, product)) for item in product.fields]
    return page.Table(("Campo", "O que é", "Obrigatório"), rows)


def _themes(product: Product) -> page.Table:
    """The codes that `score` writes, each followed by how it is spoken of."""
    labels = {theme.key: theme.label for theme in product.themes}
    rows = [(theme.spoken_code, theme.label, labels.get(theme.parent, NONE)) for theme in product.themes]
    said = f"Código em “temas”, antes de {', '.join(POLARITY.values())}"
    return page.Table((said, "Tema", "É parte de"), rows)


def _field(item: Field, product: Product) -> dict[str, object]:
    lines = [
        ("O que é:", item.source),
        ("Como se escreve:", f"{how_to_write(item)}."),
        ("Exemplos:", "; ".join(item.examples)),
        ("Obrigatório:", required(item, product)),
        ("Se faltar:", item.if_missing),
        ("Outros cabeçalhos aceitos:", ", ".join(item.synonyms)),
        ("Nome no código:", item.key),
    ]
    values = [(value.label, ", ".join(value.synonyms) or NONE) for value in item.values]
    return {
        "label": item.label,
        "lines": [(name, text) for name, text in lines if text],
        "values": page.Table(("Valor", "Também se escreve"), values),
    }
