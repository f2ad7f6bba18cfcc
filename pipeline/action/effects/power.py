"""How long until an effect can be told, and what it costs to know."""

from __future__ import annotations

import math

import numpy as np

from pipeline.action.effects.priors import prior
from pipeline.records import Note
from pipeline.records.effects import EffectChannel, Power

_TWO_SIDED, _CHANCE = 1.959963984540054, 0.8416212335729143  # normal quantiles: 5 % two-sided, 80 %
_NOTHING = 0.995  # a ratio from here to its inverse is no effect that a clinic could wait for


def power(*, rate: float, ratio: float, share: float, per_week: float, spread: float = 1.0, judged: int = 0) -> Power:
    """When an effect of this risk ratio can be told. `rate`: of events without contact; `share`: of the control group;
    `per_week`: judged appointments on the lists; `spread`: design effect of patients with several; `judged`: so far.

    Sample size of two proportions in unequal arms (Fleiss, Levin & Paik 2003, ch. 4), times the design effect.
    """
    why = _why_not(rate, ratio, share, per_week)
    if why:
        return Power(None, None, None, per_week, share, ratio, Note(why))
    needed = math.ceil(_sample(rate, min(rate * ratio, 1.0), share) * max(spread, 1.0))
    weeks, left = math.ceil(needed / per_week), math.ceil(max(needed - judged, 0) / per_week)
    return Power(needed, weeks, left, per_week, share, ratio)


def _why_not(rate: float, ratio: float, share: float, per_week: float) -> str:
    if share <= 0:
        return "effect.share_of_none"
    if share >= 1 or per_week <= 0 or not 0 < rate < 1:
        return "effect.nobody_listed"
    return "effect.expects_nothing" if _NOTHING < ratio < 1 / _NOTHING else ""


def _sample(control: float, contact: float, share: float) -> float:
    """Rows in both arms together."""
    parts = 1 / (1 - share), 1 / share
    mean = contact * (1 - share) + control * share
    under_none = _TWO_SIDED * math.sqrt(mean * (1 - mean) * sum(parts))
    under_some = _CHANCE * math.sqrt(contact * (1 - contact) * parts[0] + control * (1 - control) * parts[1])
    return (under_none + under_some) ** 2 / (control - contact) ** 2


def cost_of_control(risk: np.ndarray, value: np.ndarray, share: float, channel: EffectChannel) -> tuple[float, float]:
    """What a control group of this share gives up, expected by the trials: events not avoided, and what they are worth
    (R$). `risk`, `value`: of the listed appointments.
    """
    avoided = share * risk * (1 - np.exp([prior(channel, float(r)).log_ratio for r in risk]))
    return float(avoided.sum()), float((avoided * value).sum())
