"""Where patients are content and where not, in sentences: which places stand out, and why one differs.

Plain text in which names come from files: a page escapes it.
"""

from __future__ import annotations

from pipeline.contract import Product, feminine
from pipeline.presentation.charts.lines import MIN_ROWS as PERIOD_ROWS
from pipeline.presentation.escaping import shorten
from pipeline.presentation.locale.numbers import (
    NBSP,
    agree,
    decimal,
    decimal_interval,
    interval,
    listed,
    number,
    percent,
    plural,
)
from pipeline.presentation.sentences.findings import Finding
from pipeline.records import GroupRow, PeriodRate, PlaceExpression, PlaceOverview, PlaceRow, PlaceWhy, ThemeGap

_NAME = 48
_NAMED = 3
_SAYS = {"negative": ("reclama", "reclamam"), "positive": ("elogia", "elogiam")}


def noun(product: Product, column: str) -> tuple[str, str]:
    """What a value of the dimension is called, one and many: `unidade`, `unidades`."""
    for dimension in product.dimensions:
        if dimension.column == column and dimension.noun_plural:
            return dimension.noun, dimension.noun_plural
    label = product.column_label(column).lower()
    return label, f"{label[:-1]}is" if label.endswith("l") else f"{label}s"


def others(product: Product, column: str) -> str:
    """`nas outras unidades`."""
    one, many = noun(product, column)
    return f"nas outras {many}" if feminine(one) else f"nos outros {many}"


def name(row: PlaceRow) -> str:
    """The value, or `Outros (3 grupos)` for the folded ones."""
    return f"Outros ({plural(row.groups, 'grupo', 'grupos')})" if row.groups else row.value


def finding(view: PlaceOverview, product: Product) -> Finding:
    """Which places have clearly more detractors, or that none has; then how many there are."""
    one, many = noun(product, view.column)
    named = [row for row in view.rows if not row.groups]
    above = sorted((r for r in named if r.against == "above"), key=lambda r: -_share(r))
    rest = f"{plural(len(named), one, many)} com comentários bastantes, {_counted(view)}."
    if not above:
        clear = "Nenhuma diferença clara" if len(named) > 1 else "Não há o que comparar"
        return Finding(f"{clear} na parte de detratores.", rest)
    told = [f"{shorten(row.value, _NAME)} ({percent(_share(row), 0)})" for row in above[:_NAMED]]
    more = f" e mais {number(len(above) - _NAMED)}" if len(above) > _NAMED else ""
    mean = view.total.detractors
    against = f", contra {percent(mean.value, 0)} de todos" if mean else ""
    return Finding(f"Mais detratores: {listed(told)}{more}{against}.", rest)


def _share(row: PlaceRow) -> float:
    return row.level.detractors.value if row.level.detractors else 0.0


def _counted(view: PlaceOverview) -> str:
    events = f"n{NBSP}{number(view.total.events)}"
    return f"{events}, {number(view.untold)} sem a informação" if view.untold else events


def method(view: PlaceOverview | PlaceWhy) -> str:
    """What `clearly` means here."""
    return (
        f"“Claro” é o que passa do acaso em {plural(view.tests, 'comparação', 'comparações')} de uma vez "
        f"(Benjamini-Hochberg, {percent(view.rate, 0)})."
    )


def by_text(view: PlaceOverview) -> str:
    """That detractors are so by what they wrote; empty where there are ratings."""
    return "Sem notas no arquivo: detratores pelo que escreveram." if view.by_text else ""


def groups(view: PlaceOverview) -> tuple[GroupRow, ...]:
    """The rows as a dot plot takes them, the highest share of detractors first, the folded ones last."""
    ordered = sorted(view.rows, key=lambda row: (row.groups > 0, -_share(row)))
    return tuple(
        GroupRow(
            value=name(row),
            detail="",
            rows=row.level.events,
            outcomes=row.level.judged,
            events=round(_share(row) * row.level.judged),
            observed=row.level.detractors,
            predicted=None,
            against=row.against,
        )
        for row in ordered
    )


def periods(view: PlaceOverview, value: str) -> tuple[PeriodRate, ...]:
    """The share of detractors of one value by month (or week), as a line over time takes it."""
    return tuple(
        PeriodRate(
            item.period,
            item.level.events,
            item.level.judged,
            round((item.level.detractors.value if item.level.detractors else 0.0) * item.level.judged),
            item.level.detractors,
        )
        for item in view.periods
        if item.value == value
    )


def periods_charted(view: PlaceOverview, value: str) -> bool:
    """Whether at least two periods of a value have enough to draw a line of."""
    return sum(1 for item in periods(view, value) if item.outcomes >= PERIOD_ROWS) > 1


def absent(product: Product) -> str:
    """Why there is nothing to compare, and what would give it."""
    named = [field.label.lower() for field in product.extras]
    told = f"Com uma coluna de {listed(named, 'ou')}, ela" if named else "Com uma coluna de lugar, ela"
    return f"O arquivo não traz nada que separe os comentários em dois grupos. {told} é reconhecida ao enviar."


# ---------------------------------------------------------------- why one differs


def why_title(why: PlaceWhy) -> str:
    """`O que se diz em Boa Viagem`, with the stars here and elsewhere."""
    return f"O que distingue {shorten(why.value, _NAME)}"


def why_line(why: PlaceWhy, product: Product) -> str:
    """The stars here and elsewhere, with n and interval."""
    n = f"{plural(why.comments, 'comentário', 'comentários')} contra {number(why.elsewhere)}"
    elsewhere = others(product, why.column)
    if why.stars is None or why.stars_elsewhere is None:
        return f"{n} {elsewhere}."
    here, there = why.stars, why.stars_elsewhere
    return (
        f"{decimal(here.value, 2)} estrelas em média ({decimal_interval(here, 2)}) contra {decimal(there.value, 2)} "
        f"({decimal_interval(there, 2)}) {elsewhere}; {n}."
    )


def gap(item: ThemeGap, why: PlaceWhy) -> str:
    """`Espera: 41% dos comentários reclamam (128 de 312, IC 36–46%) contra 22% (210 de 955); dizer isso tira 1,1
    estrela.`
    """
    here = f"{number(item.here_comments)} de {number(why.comments)}, IC {interval(item.here, 0)}"
    there = f"{number(item.elsewhere_comments)} de {number(why.elsewhere)}, IC {interval(item.elsewhere, 0)}"
    price = ""
    if item.effect is not None and item.effect.low is not None:
        size = abs(item.effect.value)
        verb = "tira" if item.effect.value < 0 else "dá"
        unit = "estrela" if size < 2 else "estrelas"
        price = f"; dizer isso {verb} {decimal(size, 1)} {unit}"
    return (
        f"{item.label}: {percent(item.here.value, 0)} dos comentários {_SAYS[item.side][1]} ({here}) contra "
        f"{percent(item.elsewhere.value, 0)} ({there}){price}."
    )


def gaps(why: PlaceWhy, most: int = 6) -> list[str]:
    """The themes that differ clearly, one sentence each; or that none does."""
    return [gap(item, why) for item in why.clear[:most]]


def no_gap(why: PlaceWhy, product: Product) -> str:
    """What is said where no theme differs clearly."""
    return f"Nenhum tema se diz ali com clareza mais, ou menos, do que {others(product, why.column)}."


def expression(item: PlaceExpression) -> str:
    """`“senha do painel” (25 comentários, 3 nos demais)`."""
    return f"“{item.text}” ({plural(item.comments, 'comentário', 'comentários')}, {number(item.elsewhere)} nos demais)"


def expressions(why: PlaceWhy) -> str:
    """The words that are said there and hardly elsewhere; empty where there are none."""
    if not why.expressions:
        return ""
    one = agree(len(why.expressions), "Palavra que se diz", "Palavras que se dizem")
    return f"{one} ali e pouco nos demais: {listed([expression(item) for item in why.expressions])}."
