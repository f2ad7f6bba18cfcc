"""The effect of contacts as JSON, with names that stay (see the README)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.contract import Product
from pipeline.presentation.locale.messages import told
from pipeline.presentation.sentences import effect_words
from pipeline.presentation.spreadsheets.machine import dump
from pipeline.records import to_plain
from pipeline.records.effects import ArmsCompared, Effect, EffectReport, OrderJudged


def effect_json(found: EffectReport, product: Product, lines: Sequence[str], contacts: Mapping[str, int]) -> str:
    """`verdict` (less, more, unclear or unknown) with its sentence, then the arms, the effect with intervals, the late
    cancellations apart, the groups, when it can be told, how well the order does, and ways drawn against each other
    (`arms`: each of the others against the first).
    """
    power = found.power
    return dump(
        {
            "product": product.key,
            "verdict": verdict(found),
            "sentence": effect_words.verdict(found, product).text,
            **_effect(found.whole),
            "late_cancelled": _effect(found.late),
            "groups": {
                name: [{"group": one.group, **_effect(one)} for one in effects] for name, effects in found.groups
            },
            "power": None
            if power is None
            else {**to_plain(power), "why_not": None if power.why_not is None else told(power.why_not)},
            "order": None if found.order is None else _order(found.order),
            "arms": [_arms(one) for one in found.arms],
            "hidden_groups": found.hidden,
            "uncompared": found.uncompared,
            "contacts": dict(contacts),
            "lines": list(lines),
        }
    )


def verdict(found: EffectReport) -> str:
    """less or more events with contact, unclear where chance may explain it, unknown without two arms."""
    return "unknown" if found.whole.difference is None else found.whole.told or "unclear"


def _arms(found: ArmsCompared) -> dict[str, Any]:
    others = [{"arm": one.group, **_effect(one)} for one in found.effects]
    return {"kind": found.kind, "first": found.names[0], "others": others}


def _order(found: OrderJudged) -> dict[str, Any]:
    plain: dict[str, Any] = to_plain(found)
    return plain | {"why_not": None if found.why_not is None else told(found.why_not)}


def _effect(found: Effect) -> dict[str, Any]:
    plain: dict[str, Any] = to_plain(found)
    return {name: plain[name] for name in plain if name != "group"}
