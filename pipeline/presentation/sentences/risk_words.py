"""What the risk page says: the finding, key figures, why a group differs, what is not shown and why.

Page and HTML export take the same records from here, so that a figure is counted and rounded once. Names come
from files: whoever shows a sentence escapes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.contract import Product, feminine
from pipeline.presentation.charts.bars import SHOWN
from pipeline.presentation.escaping import shorten
from pipeline.presentation.locale.numbers import (
    NONE,
    agree,
    date,
    decimal,
    interval,
    listed,
    number,
    percent,
    period,
    plural,
    points,
    signed_percent,
    word,
)
from pipeline.presentation.sentences.findings import Finding
from pipeline.records import GroupExplanation, GroupRow, Interval, ModelInfo, RiskOverview

_NAMED = 2  # groups named in a finding
_NAME_LENGTH = 40
Figure = tuple[str, str, str]  # name, value of at most 9 characters, what stands below of at most 14


# ---------------------------------------------------------------- the finding


def rate_sentence(rate: float, product: Product) -> str:
    """`Um em cada cinco agendamentos não acontece: 19,8%.`, or per hundred where 1 in N would mislead."""
    words = product.words
    near = round(1 / rate) if rate > 0 else 0
    if 2 <= near <= 20 and abs(1 / near - rate) <= 0.04 * rate:
        return words.finding.format(one_in=word(near), rate=percent(rate))
    per_100 = number(rate * 100) if round(rate * 100) > 1 else decimal(rate * 100, 1)
    return words.finding_rate.format(per_100=per_100, rate=percent(rate))


def finding(view: RiskOverview, product: Product) -> Finding:
    """The rate in words, then which groups lie clearly above the others."""
    if view.rows == 0:
        return Finding(f"Não há {product.words.rows} com estes filtros.", "Retire um filtro ou amplie o período.")
    if view.rate is None:
        return Finding(
            f"Nenhum resultado conhecido em {plural(view.rows, product.words.row, product.words.rows)}.",
            "Envie dados com o resultado para ver as taxas.",
        )
    return Finding(rate_sentence(view.rate.value, product), groups_above(view, product))


def groups_above(view: RiskOverview, product: Product) -> str:
    """`Boa Viagem e Ponta Negra têm taxa observada claramente acima da média, e mais 4 unidades.`"""
    groups = dict(view.groups)
    for dimension in product.dimensions:
        rows = groups.get(dimension.column, ())
        if len(rows) < 2:
            continue
        above = above_first(rows)
        if not above:
            return f"Nenhuma taxa observada claramente acima da média, por {dimension.noun}."
        names = [shorten(row.value, _NAME_LENGTH) for row in above[:_NAMED]]
        more = len(above) - len(names)
        verb = "tem" if len(above) == 1 else "têm"
        named = (
            f"{', '.join(names)} e mais {plural(more, dimension.noun, dimension.noun_plural)}"
            if more
            else listed(names)
        )
        return f"{named} {verb} taxa observada claramente acima da média."
    return ""


def above_first(rows: Sequence[GroupRow]) -> list[GroupRow]:
    """Groups whose interval lies above the others' rate, highest rate first."""
    above = [row for row in rows if row.against == "above" and row.observed is not None]
    return sorted(above, key=lambda row: -(row.observed.value if row.observed else 0.0))


# ---------------------------------------------------------------- key figures


def figures(view: RiskOverview, product: Product) -> list[Figure]:
    """Key figures of the page and of its export."""
    rate = view.rate
    first = (product.words.rate, percent(rate.value) if rate else NONE, f"IC {interval(rate)}" if rate else "")
    outcomes = (
        "Com classificação" if product.has_stars else "Com resultado",
        number(view.outcomes),
        f"de {number(view.rows)}",
    )
    if product.has_stars:
        stars, balance = view.stars, view.balance
        return [
            first,
            ("Estrelas (média)", decimal(stars.value, 2) if stars else NONE, _between(stars)),
            ("Saldo", signed_percent(balance.value) if balance else NONE, _between(balance, 100)),
            outcomes,
        ]
    predicted = (
        "Risco previsto",
        percent(view.predicted),
        f"n {number(view.predicted_rows)}" if view.predicted_rows else "sem previsão",
    )
    return [first, outcomes, predicted, *_above(view, product)]


def figures_line(view: RiskOverview, product: Product) -> str:
    """What stands below the figures: what a balance is, and the same filters over the period before."""
    parts = []
    if product.has_stars:
        parts.append("Saldo: promotores (4 e 5 estrelas) menos detratores (1 e 2), em parte dos classificados.")
        if view.predicted is not None:
            parts.append(f"Risco previsto médio: {percent(view.predicted)} (n {number(view.predicted_rows)}).")
    return " ".join([*parts, before(view, product)]).strip()


def before(view: RiskOverview, product: Product) -> str:
    """`19,8% · antes, de 01/03/2026 a 31/03/2026: 21,3% (IC 20,1–22,5%, n 4.012).`"""
    earlier = view.before
    if earlier is None or view.rate is None:
        return ""
    return (
        f"{product.words.rate}: {percent(view.rate.value)} · antes, de "
        f"{period(earlier.first_date, earlier.last_date)}: "
        f"{percent(earlier.rate.value)} (IC {interval(earlier.rate)}, n {number(earlier.outcomes)})."
    )


def _between(value: Interval | None, times: int = 1) -> str:
    if value is None or value.low is None or value.high is None:
        return ""
    places = 2 if times == 1 else 0
    return f"IC {decimal(times * value.low, places)} a {decimal(times * value.high, places)}"


def _above(view: RiskOverview, product: Product) -> list[Figure]:
    """How many groups of the first dimension that splits the rows lie above, by what was observed."""
    for dimension in product.dimensions:
        rows = dict(view.groups).get(dimension.column, ())
        if len(rows) > 1:
            above = len(above_first(rows))
            return [
                (
                    f"{dimension.noun_plural[:1].upper()}{dimension.noun_plural[1:]} acima",
                    f"{number(above)} de {number(len(rows))}",
                    "no observado",
                )
            ]
    return []


# ---------------------------------------------------------------- why a group differs


def why_title(item: GroupExplanation) -> str:
    """`Por que o risco previsto de Boa Viagem está 3,1 pontos acima`; at the mean, that factors make up for others."""
    gap = item.predicted - item.predicted_overall
    size = points(abs(gap), 1).lstrip("+")
    if size == points(0.0, 1).lstrip("+"):
        return f"O que se compensa no risco previsto de {shorten(item.value, _NAME_LENGTH)}, igual ao de todos"
    side = "acima" if gap >= 0 else "abaixo"
    unit = "ponto" if round(100 * abs(gap), 1) < 2 else "pontos"  # up to two is one, as Portuguese counts
    return f"Por que o risco previsto de {shorten(item.value, _NAME_LENGTH)} está {size} {unit} {side}"


def why_line(item: GroupExplanation) -> str:
    """What the bars are of, with the observed rates beside them."""
    seen = ""
    if item.observed is not None and item.observed_overall is not None:
        seen = (
            f" Observado: {percent(item.observed.value)} (IC {interval(item.observed)}) contra "
            f"{percent(item.observed_overall.value)} (IC {interval(item.observed_overall)})."
        )
    return (
        f"Peso médio de cada fator no risco previsto ({percent(item.predicted)}) contra o de todos "
        f"({percent(item.predicted_overall)}), em pontos. n {number(item.rows)}.{seen}"
    )


def own_factor(item: GroupExplanation, product: Product) -> str:
    """What the bar of the factor is called that is the group itself: no reason, only what it has been."""
    noun = next((d.noun for d in product.dimensions if d.column == item.field), "") or "grupo"
    return f"O próprio histórico d{'a' if feminine(noun) else 'o'} {noun}"


def own_hint(item: GroupExplanation, product: Product) -> str:
    """Why that bar stands apart; empty where there is none."""
    if not any(c.factor == item.own and abs(c.points) >= SHOWN for c in item.contributions):
        return ""
    return f"“{own_factor(item, product)}” não é um motivo: diz só que a taxa já era assim antes."


# ---------------------------------------------------------------- rows and filters


def filters_said(values: Mapping[str, Sequence[str]], product: Product) -> list[str]:
    """The chosen values in words: `Unidade: Boa Viagem`."""
    return [f"{product.column_label(name)}: {shorten(listed(list(chosen)), 80)}" for name, chosen in values.items()]


def only_units(units: Sequence[str]) -> str:
    """`só Boa Viagem e Centro`: whose rows a page or a file is made of."""
    return f"só {shorten(listed(list(units)), 80)}"


def beside_all(average: float | None) -> str:
    """The rate of all units, beside that of some; in whole percents, so that nobody works out another's from it."""
    if average is None:
        return ""
    return f"Média de todas as unidades, no arquivo inteiro e sem filtros: {percent(average, 0)}."


def rows_line(rows: int, outcomes: int, product: Product) -> str:
    """`1.191 agendamentos, 1.154 com resultado; do mais recente ao mais antigo.`"""
    if not rows:
        return f"Não há {product.words.rows} assim com estes filtros."
    known = "" if outcomes == rows else f", {number(outcomes)} com resultado"
    ends = "da mais recente à mais antiga" if feminine(product.words.row) else "do mais recente ao mais antigo"
    return f"{plural(rows, product.words.row, product.words.rows)}{known}; {ends}."


def too_large_to_score(rows: int, most: int, product: Product) -> str:
    """Why there are observed rates alone: the file has more rows than the page gives a risk."""
    words = product.words
    return (
        f"O modelo em uso não aprendeu com este arquivo, e o risco de {plural(rows, words.row, words.rows)} é "
        f"calculado pela linha de comando; a página o faz até {number(most)}. Por isso só há taxas observadas."
    )


def without_any(model: ModelInfo, dataset_id: str) -> str:
    """Why no row has a predicted risk: the model learnt from this very file, or from later days than it has. What it
    knows of another place's rows is not said here: that is the fit's to say.
    """
    if model.dataset_id == dataset_id:
        return (
            "O modelo em uso aprendeu com este arquivo e não guardou riscos de quando ainda não o conhecia; por isso "
            "só há taxas observadas."
        )
    learnt = f"com dados até {date(model.trained_until)}" if model.trained_until else "com dados sem datas"
    return (
        f"O modelo em uso aprendeu {learnt} e não dá risco previsto a dias que não vêm depois dos que o ensinaram; por "
        "isso só há taxas observadas."
    )


def without_past(view: RiskOverview, product: Product) -> str:
    """How many rows with an outcome have no predicted risk, and why."""
    words, missing = product.words, view.outcomes - view.predicted_rows
    them = ("a" if feminine(words.row) else "o") + ("" if missing == 1 else "s")
    return (
        f"{plural(missing, words.row, words.rows)} do início não {agree(missing, 'tem', 'têm')} risco previsto: não "
        f"havia passado com que treinar um modelo que não {them} tivesse visto."
    )
