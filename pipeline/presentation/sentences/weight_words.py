"""What is said beside the charts of how factors weigh: of which rows, how to read them, what is not shown and why."""

from __future__ import annotations

from pipeline.contract import Product, feminine
from pipeline.presentation.locale import names
from pipeline.presentation.locale.numbers import decimal, listed, plural, points
from pipeline.presentation.sentences.findings import Finding
from pipeline.records import Dependence, FactorPair, JointWeights, WeightSpread
from pipeline.records.weights import LEAST_SHOWN

_MORE = 1.3  # times from which a factor weighs clearly more in one place than in another
NO_ROWS = (
    "As linhas que ensinaram este modelo não estão aqui: ele veio de um arquivo, ou os seus dados foram apagados. "
    "Em “Risco” se vê como ele pesa as linhas de um arquivo aberto."
)


def too_large(most: int, product: Product) -> str:
    """Why the points of so many rows are not looked at one by one, and where the same is told of all."""
    words = product.words
    return (
        "Este gráfico olha os pontos de cada linha, e é feito em arquivos de até "
        f"{plural(most, words.row, words.rows)}: os de um arquivo maior não cabem na memória do servidor, que é de "
        "todos. “Por que o risco previsto de um grupo difere”, em Risco, soma os pontos de todas as linhas; nenhuma é "
        "sorteada."
    )


def about(found: WeightSpread, product: Product, *, filtered: bool) -> str:
    """Of which rows the chart speaks: those under the page's filters, or all that the model judged before it learnt."""
    rows = plural(found.rows, product.words.row, product.words.rows)
    of_these = "das" if feminine(product.words.row) else "dos"
    which = (
        f"não tinha visto, {of_these} que a página mostra"
        if filtered
        else "ainda não tinha visto e que depois o ensinaram"
    )
    return f"Pontos que cada fator soma ao risco ou tira dele, em {rows} que o modelo {which}."


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
    said.append("O que dois fatores fazem juntos está repartido entre os dois.")
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


def together(found: JointWeights, product: Product) -> Finding:
    """Which two factors act together most, and where that makes the second weigh more; or that none do."""
    rows = plural(found.rows, product.words.row, product.words.rows)
    if not found.pairs:
        return Finding(
            "Nenhum par de fatores se destaca.",
            f"Em {rows} de amostra, dois juntos não mudam o risco em 0,1 ponto além do que cada um faz sozinho.",
        )
    pair = found.pairs[0]
    first, second = names.factor(product, pair.first), names.factor_within(product, pair.second)
    lead = f"{first} e {second} são os fatores que mais agem juntos: {_in_points(pair.mean_abs)} em média."
    return Finding(lead, _where(pair, product))


def too_few(found: JointWeights, product: Product) -> str:
    """That the sample has too few rows under the filters."""
    words = product.words
    return (
        f"A amostra tem {plural(found.rows, words.row, words.rows)} destas linhas: é pouco para dizer que fatores agem "
        "juntos."
    )


def together_key(found: JointWeights, product: Product) -> str:
    """How the bars are read, and of which rows they speak."""
    rows = plural(found.rows, product.words.row, product.words.rows)
    return (
        "Barra: quanto os dois juntos mudam o risco, em pontos, além do que cada um faz sozinho. "
        f"Conta exata das árvores deste modelo, em {rows} de amostra: é o que ele aprendeu, não uma causa."
    )


def partner(found: JointWeights, factor: str, product: Product) -> str:
    """With which other factor one acts together most; "" where with none. What `together` says is not said again."""
    pair = next((pair for pair in found.pairs if pair.partner(factor)), None)
    if pair is None:
        return ""
    other = names.factor_within(product, pair.partner(factor))
    own = names.factor(product, factor)
    said = f"{own} {_agree(own, 'age', 'agem')} mais junto com {other}: {_in_points(pair.mean_abs)} em média."
    return said if pair is found.pairs[0] else f"{said} {_where(pair, product)}"


def _where(pair: FactorPair, product: Product) -> str:
    high, low = pair.where_raised, pair.where_lowered
    first, second = names.factor_within(product, pair.first), names.factor_within(product, pair.second)
    where = f"Onde {_article(first)} {first} mais {_agree(first, 'aumenta', 'aumentam')} o risco"
    weighs = f"{_article(second)} {second} {_agree(second, 'pesa', 'pesam')}"
    less = f"onde mais o {_agree(first, 'diminui', 'diminuem')}"
    if max(high, low) < _MORE * min(high, low):
        return f"{where} e {less}, {weighs} quase o mesmo: {decimal(100 * high, 1)} e {_in_points(low)}."
    return f"{where}, {weighs} {_in_points(high)}; {less}, {_in_points(low)}."


def _article(label: str) -> str:
    return ("a" if feminine(label) else "o") + _agree(label, "", "s")


def _agree(label: str, one: str, many: str) -> str:
    """By the first word of a factor's label: `feriados`, `outros agendamentos`."""
    return many if label.split(" ")[0].endswith("s") else one


def _in_points(fraction: float) -> str:
    """`1,1 ponto`, `2,0 pontos`: up to two is one, as Portuguese counts."""
    text = decimal(100 * fraction, 1)
    return f"{text} {'ponto' if round(100 * fraction, 1) < 2 else 'pontos'}"
