"""What is said beside the charts of how factors weigh: of which rows, how to read them, what is not shown and why."""

from __future__ import annotations

from pipeline.contract import Product
from pipeline.presentation.locale import names
from pipeline.presentation.locale.numbers import listed, plural, points
from pipeline.records import Dependence, WeightSpread
from pipeline.records.weights import LEAST_SHOWN


def about(found: WeightSpread, product: Product) -> str:
    """Of which rows the chart speaks."""
    words = product.words
    return (
        f"Pontos que cada fator soma ao risco ou tira dele, em {plural(found.rows, words.row, words.rows)} que o "
        "modelo não tinha visto, com os filtros acima."
    )


def key(found: WeightSpread, product: Product) -> str:
    """How the chart is read, and what it leaves out."""
    shown = {item.factor for item in found.factors}
    hidden = [spec.label.lower() for spec in product.features if spec.protected and spec.key in shown]
    said = [
        "À direita do zero o fator aumenta o risco, à esquerda diminui. Mais escuro: valor mais alto do fator; cinza: "
        f"sem ordem ou sem valor guardado. Cada ponto é um grupo de ao menos {LEAST_SHOWN} linhas, nunca uma pessoa."
    ]
    if found.left_out:
        said.append(f"Fora do gráfico, por serem de grupos menores: {plural(found.left_out, 'ponto', 'pontos')}.")
    if hidden:
        said.append(f"De {listed(hidden)} não se mostram os valores.")
    said.append("Efeitos de dois fatores juntos estão repartidos entre os dois.")
    return " ".join(said)


def dependence_key(found: Dependence, product: Product) -> str:
    """How the chart of one factor is read, with the rows without a value and those left out."""
    density = "barras: quantas linhas" if found.unit else "n: quantas linhas"
    said = [f"Ponto: média · faixa: 80% das linhas · {density}."]
    if found.missing:
        rows = plural(found.missing.rows, product.words.row, product.words.rows)
        said.append(f"Sem valor: {points(found.missing.mean, 1)} em média, em {rows}.")
    if found.left_out:
        rows = plural(found.left_out, product.words.row, product.words.rows)
        said.append(f"Fora do gráfico: {rows} de valores menos comuns.")
    said.append(f"É o que o modelo aprendeu de {names.factor(product, found.factor).lower()}, não uma causa.")
    return " ".join(said)
