"""What the risk page does not chart, and the sentence that stands in its place; how its time is cut."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pipeline.contract import Dimension, Product, feminine
from pipeline.presentation.charts.heatmap import MIN_ROWS as CELL_ROWS
from pipeline.presentation.charts.lines import MIN_ROWS as PERIOD_ROWS
from pipeline.presentation.escaping import shorten
from pipeline.presentation.locale.numbers import listed, number, period, plural
from pipeline.records import GroupRow, RiskOverview

_NAME_LENGTH = 40


def charted(view: RiskOverview, dimension: Dimension) -> bool:
    """Whether a dimension splits the rows: a chart of one value says nothing."""
    return dimension.column not in view.absent and len(dict(view.groups).get(dimension.column, ())) > 1


def not_charted(view: RiskOverview, product: Product, filtered: Collection[str] = ()) -> str:
    """One line for what the data lack or have one value of; what a filter holds to one value is said beside it."""
    alone = [
        (d, rows[0])
        for d in product.dimensions
        if d.column not in (*view.absent, *filtered) and len(rows := dict(view.groups).get(d.column, ())) == 1
    ]
    asked = [d for d in product.dimensions if not product.field(d.field).extra]  # the others are never missed
    lacking = list(dict.fromkeys(product.column_label(d.column) for d in asked if d.column in view.absent))
    parts = [
        _whole([(d, row) for d, row in alone if row.rows == view.rows]),
        *(_part(d, row) for d, row in alone if row.rows < view.rows),
    ]
    if lacking:
        parts.append(
            f"O arquivo não traz {listed(lacking, 'nem')}: por isso não há "
            f"{'esse quadro' if len(lacking) == 1 else 'esses quadros'}."
        )
    return " ".join(part for part in parts if part)


def _whole(alone: Sequence[tuple[Dimension, GroupRow]]) -> str:
    """`Todas as linhas são de ES.`, or `Todas as linhas têm a mesma UF (ES) e o mesmo convênio (SUS).`"""
    names = [shorten(row.value, _NAME_LENGTH) for _, row in alone]
    if len(names) < 2:
        return f"Todas as linhas são de {names[0]}." if names else ""
    same = [
        f"{'a mesma' if feminine(d.noun) else 'o mesmo'} {d.noun} ({name})"
        for (d, _), name in zip(alone, names, strict=True)
    ]
    return f"Todas as linhas têm {listed(same)}."


def _part(dimension: Dimension, row: GroupRow) -> str:
    """`As 83.412 linhas com UF são de ES.`"""
    verb = ("A única linha", "é") if row.rows == 1 else (f"As {number(row.rows)} linhas", "são")
    return f"{verb[0]} com {dimension.noun} {verb[1]} de {shorten(row.value, _NAME_LENGTH)}."


def heat_charted(view: RiskOverview) -> bool:
    """Whether at least two cells of the heat map have a rate."""
    return sum(1 for cell in view.heat if cell.rows >= CELL_ROWS) > 1


def times_charted(view: RiskOverview) -> bool:
    """Whether at least two periods have a rate."""
    return sum(1 for item in view.periods if item.outcomes >= PERIOD_ROWS) > 1


def times_not_charted(view: RiskOverview, *, heat: bool) -> str:
    """Why there is no line over time, or no heat map; empty where both are there."""
    parts = []
    if heat and not view.heat:
        parts.append("Sem a data de contato não há antecedência, nem o quadro por dia e antecedência.")
    elif heat and not heat_charted(view):
        parts.append(f"Poucos resultados para o quadro por dia e antecedência: menos de dois quadros com {CELL_ROWS}.")
    if len(view.periods) < 2:
        parts.append(f"O período tem {'uma semana só' if weekly(view) else 'um mês só'}: não há evolução para mostrar.")
    elif not times_charted(view):
        few = "menos de duas semanas" if weekly(view) else "menos de dois meses"
        parts.append(f"Poucos resultados para uma evolução: {few} com {PERIOD_ROWS}.")
    return " ".join(parts)


def outside(view: RiskOverview, product: Product) -> str:
    """How many rows have a date that no axis shows."""
    if not view.outside:
        return ""
    many = plural(view.outside, product.words.row, product.words.rows)
    verbs = ("tem", "fica", "conta") if view.outside == 1 else ("têm", "ficam", "contam")
    return (
        f"{many} {verbs[0]} data longe das outras (fora de {period(view.first_date, view.last_date)}): "
        f"{verbs[1]} fora do gráfico no tempo e {verbs[2]} em todo o resto. Confira o ano."
    )


def weekly(view: RiskOverview) -> bool:
    """Whether the line over time is by week: periods are then named by a day, the week's Monday."""
    return any(len(item.period) > len("2026-03") for item in view.periods)


def times_line(view: RiskOverview) -> str:
    """What the line over time shows."""
    step = "Por semana, que leva o nome da sua segunda-feira" if weekly(view) else "Por mês"
    return f"{step}. Linha: observado, com intervalo de 95%. Tracejada: previsto."


def hidden(view: RiskOverview) -> str:
    """How many groups, months and cells are left out for being of few; "" where none are."""
    count = sum(number for _, number in view.hidden)
    if not count:
        return ""
    what = plural(count, "grupo, mês ou quadro não é mostrado", "grupos, meses ou quadros não são mostrados")
    return f"{what}: têm menos de 8 casos, ou deixariam calcular um que tem."
