"""What contacts did, as tables and as the two lines of a chart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from pipeline.contract import Product
from pipeline.presentation.locale.numbers import interval, number, percent, points
from pipeline.presentation.sentences import effect_words
from pipeline.records import GroupRow, Interval
from pipeline.records.effects import ArmRate, ArmsCompared, Effect, EffectReport

CONTACT, CONTROL = "Contato", "Grupo de controle"
_WAYS = "forma_de_contato"  # of which the first stands where the control group stands in the other lines
_HIDDEN = "grupos_escondidos"  # a line that says how many are left out for being of few
_TOLD = {"less": "menos, além do acaso", "more": "mais, além do acaso", "": "cabe no acaso"}
_AGAINST = {"less": "below", "more": "above", "": "unclear"}


def arm_rows(found: Effect) -> tuple[GroupRow, GroupRow]:
    """Both arms as lines of a dot plot; the contacted one is coloured where it differs beyond chance."""
    return _arm(CONTACT, found.contact, _AGAINST[found.told]), _arm(CONTROL, found.control, "unclear")


def _arm(name: str, item: ArmRate, against: str) -> GroupRow:
    return GroupRow(name, "", item.judged, item.judged, item.events, item.rate, None, against)


def groups(column: str, found: Sequence[Effect], product: Product) -> pd.DataFrame:
    """A line a group: both rates with n, the difference with its interval, and whether it is beyond chance."""
    noun = effect_words.title(column, product).removeprefix("Por ").capitalize()
    event = product.words.event
    return pd.DataFrame(
        {
            noun: [effect_words.group_name(column, one.group, product) for one in found],
            f"Taxa de {event}, contato": [_rate(one.contact) for one in found],
            f"Taxa de {event}, controle": [_rate(one.control) for one in found],
            "Diferença (pontos)": [_points(one.difference) for one in found],
            "O que se pode dizer": [_TOLD[one.told] for one in found],
        }
    )


def _rate(item: ArmRate) -> str:
    return f"{percent(item.rate.value)} (n {number(item.judged)})" if item.rate else f"n {number(item.judged)}"


def _points(item: Interval | None) -> str:
    return "" if item is None else f"{points(item.value, 1)} (IC {points(item.low, 1)} a {points(item.high, 1)})"


def arms(found: Effect, product: Product) -> pd.DataFrame:
    """Both arms side by side: patients, appointments, judged, events, rate with its interval, late cancellations."""
    both = (found.contact, found.control)
    return pd.DataFrame(
        {
            "Grupo": [CONTACT, CONTROL],
            "Pacientes": [number(one.patients) for one in both],
            "Com resultado": [number(one.judged) for one in both],
            product.words.events.capitalize(): [number(one.events) for one in both],
            "Taxa": [percent(one.rate.value) if one.rate else "" for one in both],
            "IC 95%": [interval(one.rate) if one.rate else "" for one in both],
            "Desmarcação tardia": [number(one.late) for one in both],
        }
    )


def ways(found: ArmsCompared, product: Product) -> pd.DataFrame:
    """A line a way of contacting: patients, judged, events, and the rate with its interval; the first one first."""
    first = found.effects[0].control
    lines = [(found.names[0], first, None), *((one.group, one.contact, one.difference) for one in found.effects)]
    return pd.DataFrame(
        {
            "Forma de contato": [effect_words.way(found.kind, name) for name, _, _ in lines],
            "Pacientes": [number(one.patients) for _, one, _ in lines],
            "Com resultado": [number(one.judged) for _, one, _ in lines],
            product.words.events.capitalize(): [number(one.events) for _, one, _ in lines],
            "Taxa": [percent(one.rate.value) if one.rate else "" for _, one, _ in lines],
            "IC 95%": [interval(one.rate) if one.rate else "" for _, one, _ in lines],
            "Diferença (pontos)": [_points(gap) for _, _, gap in lines],
        }
    )


def plain(found: EffectReport | None) -> pd.DataFrame:
    """A line for all and one a group, with names and numbers that programs read."""
    lines = [] if found is None else [_line("", found.whole), *_lines(found)]
    if found is not None and found.hidden:
        lines.append({"coluna": _HIDDEN, "grupo": str(found.hidden)})
    return pd.DataFrame(lines, columns=list(_line("", _NONE)))


def _lines(found: EffectReport) -> Iterator[dict[str, object]]:
    for column, effects in (*found.groups, *((_WAYS, one.effects) for one in found.arms)):
        for one in effects:
            yield _line(column, one)


def _line(column: str, one: Effect) -> dict[str, object]:
    return {
        "coluna": column,
        "grupo": one.group,
        **_plain_arm("contato", one.contact),
        **_plain_arm("controle", one.control),
        **_plain("diferenca", one.difference),
        **_plain("risco_relativo", one.ratio),
        **_plain("evitados", one.avoided),
        **_plain("reais", one.recovered),
        "p": one.p,
        "efeito": _TOLD[one.told],
    }


def _plain_arm(name: str, item: ArmRate) -> dict[str, object]:
    return {
        f"pacientes_{name}": item.patients,
        f"n_{name}": item.judged,
        f"eventos_{name}": item.events,
        f"tardias_{name}": item.late,
        **_plain(f"taxa_{name}", item.rate),
    }


def _plain(name: str, item: Interval | None) -> dict[str, object]:
    ends = (None, None, None) if item is None else (item.value, item.low, item.high)
    return dict(zip((name, f"{name}_de", f"{name}_ate"), ends, strict=True))


_EMPTY_ARM = ArmRate(0, 0, 0, 0, 0, 0, None)
_NONE = Effect("", _EMPTY_ARM, _EMPTY_ARM, None, None, None)
