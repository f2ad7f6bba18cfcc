"""What contacting did: the arms as they were drawn, held against each other once outcomes are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from pipeline.action.effects import rates
from pipeline.action.effects.power import power
from pipeline.records import Interval, Note
from pipeline.records.effects import ArmRate, CameTo, Effect, EffectReport, Power
from pipeline.statistics import discoveries

QUARTER = "quarter"  # the split by quarter of risk
LEAST_OF_GROUP = 20  # judged appointments in each arm from which a group is told by itself
_LEVEL = 0.05
_NONE: Mapping[str, np.ndarray] = {}


@dataclass(frozen=True)
class Listed:
    """The appointments that lists were made of, one place each.

    `contacted` (bool): drawn to be contacted, whether or not anybody was reached. `came` (int): a CameTo. `patient`:
    names or numbers, alike for one patient. `quarter` (int): of risk, 1 to 4; 0 unknown. `share`: that of the control
    group in the list in which it was drawn, by whose inverse rows are weighed where lists differ (Horvitz & Thompson
    1952); None: one for all. `value`: R$ of its slot; None where nobody said.
    """

    contacted: np.ndarray
    came: np.ndarray
    patient: np.ndarray
    quarter: np.ndarray
    share: np.ndarray | None = None
    value: np.ndarray | None = None

    def of(self, which: np.ndarray) -> Listed:
        """Those of them that `which` (bool) names."""
        told: dict[str, Any] = {name: None if part is None else part[which] for name, part in vars(self).items()}
        return Listed(**told)


def report(
    listed: Listed,
    *,
    groups: Mapping[str, np.ndarray] = _NONE,
    days: np.ndarray | None = None,
    expected_ratio: float | None = None,
) -> EffectReport:
    """What came of all lists. `groups`: columns (str per appointment, "" unknown) to split by, before the
    quarters of risk; `days`: of the
    appointments (datetime64), for the pace; `expected_ratio`: the risk ratio to wait for (see `priors`).
    """
    comparable = _comparable(listed)
    own = listed.of(comparable)
    notes = () if comparable.any() else (_no_control(listed),)
    return EffectReport(
        whole=effect(own if comparable.any() else listed),
        late=effect(own if comparable.any() else listed, event=CameTo.LATE_CANCELLED),
        groups=(
            *((name, by_group(own, values[comparable])) for name, values in groups.items()),
            *(((QUARTER, found),) if (found := by_quarter(own)) else ()),
        ),
        power=None if expected_ratio is None else _power(own, listed, days, expected_ratio),
        uncompared=int((~comparable).sum()) if comparable.any() else 0,
        notes=notes,
    )


def effect(listed: Listed, group: str = "", *, event: CameTo = CameTo.EVENT) -> Effect:
    """The arms of these appointments held against each other. `event`: late cancellations are counted as events of
    their own among all that came to something, and never with the others.
    """
    judged = _judged(listed, event)
    own, rows = listed.of(judged), _rows(listed.of(judged), event)
    found = rates.compared(rows)
    told = Effect(
        group,
        _counted(listed, listed.contacted, judged, event, None if found is None else found.contact),
        _counted(listed, ~listed.contacted, judged, event, None if found is None else found.control),
        difference=None if found is None else found.difference,
        ratio=None if found is None else found.ratio,
        avoided=None if found is None else _times(found.difference, -float(own.contacted.sum())),
        recovered=None if found is None or own.value is None else _recovered(rows, own.value),
        p=None if found is None else found.p,
    )
    return replace(told, told=_direction(told.difference))


def by_group(listed: Listed, values: np.ndarray) -> tuple[Effect, ...]:
    """The effect in each group of a column with LEAST_OF_GROUP judged in both arms, the largest first; which of them
    differ from none is told at a false discovery rate of 5 %.
    """
    judged = _judged(listed, CameTo.EVENT)
    found = []
    for name in np.unique(values[judged]).tolist():
        own = values == name
        sizes = [int((own & judged & arm).sum()) for arm in (listed.contacted, ~listed.contacted)]
        if min(sizes) >= LEAST_OF_GROUP:
            found.append(effect(listed.of(own), str(name)))
    many = discoveries(np.array([one.p for one in found], dtype=np.float64), _LEVEL)
    told = [replace(one, told=one.told if sure else "") for one, sure in zip(found, many, strict=True)]
    return tuple(sorted(told, key=lambda one: (-one.contact.judged - one.control.judged, one.group)))


def by_quarter(listed: Listed) -> tuple[Effect, ...]:
    """The same by quarter of risk, from the lowest ("1") on; none where risks are not known."""
    known = listed.of(listed.quarter > 0)
    return tuple(sorted(by_group(known, known.quarter.astype(str)), key=lambda one: one.group))


def of_arms(listed: Listed, arm: np.ndarray, names: Sequence[str]) -> tuple[Effect, ...]:
    """Wordings or channels drawn against each other: the effect of each arm (int per appointment, the place of its
    name) against the first, named by it; `listed.contacted` is not looked at.
    """
    found = []
    for place, name in enumerate(names[1:], start=1):
        own = np.isin(arm, (0, place))
        found.append(effect(replace(listed, contacted=arm == place).of(own), name))
    many = discoveries(np.array([np.nan if one.p is None else one.p for one in found], dtype=np.float64), _LEVEL)
    return tuple(replace(one, told=one.told if sure else "") for one, sure in zip(found, many, strict=True))


def _rows(judged: Listed, event: CameTo) -> rates.Rows:
    return rates.Rows(judged.came == event, judged.contacted, judged.patient, _weights(judged), judged.quarter)


def _judged(listed: Listed, event: CameTo) -> np.ndarray:
    outcomes = [CameTo.EVENT, CameTo.NON_EVENT, *([event] if event is CameTo.LATE_CANCELLED else [])]
    return np.isin(listed.came, outcomes)


def _comparable(listed: Listed) -> np.ndarray:
    """bool per appointment: whether it might have come into either arm."""
    if listed.share is not None:
        both = (listed.share > 0) & (listed.share < 1)
        return both if listed.contacted[both].any() and not listed.contacted[both].all() else np.zeros_like(both)
    both_there = listed.contacted.any() and not listed.contacted.all()
    return np.full(len(listed.contacted), bool(both_there))


def _weights(listed: Listed) -> np.ndarray:
    """Of each row: how many of the lists it stands for."""
    if listed.share is None:
        return np.ones(len(listed.contacted))
    chance = np.where(listed.contacted, 1 - listed.share, listed.share)
    return np.where(chance > 0, 1 / np.maximum(chance, 1e-9), 1.0)


def _counted(listed: Listed, arm: np.ndarray, judged: np.ndarray, event: CameTo, rate: Interval | None) -> ArmRate:
    return ArmRate(
        patients=len(np.unique(listed.patient[arm])),
        appointments=int(arm.sum()),
        judged=int((arm & judged).sum()),
        events=int((arm & (listed.came == event)).sum()),
        late=int((arm & (listed.came == CameTo.LATE_CANCELLED)).sum()),
        unjudged=int((arm & (listed.came == CameTo.NOT_JUDGED)).sum()),
        rate=rate,
    )


def _recovered(rows: rates.Rows, value: np.ndarray) -> Interval | None:
    """Rates weighed by what slots are worth, so that money has the interval of a rate."""
    worth = float(value[rows.contacted].sum())
    if worth <= 0 or value[~rows.contacted].sum() <= 0:
        return None
    found = rates.compared(replace(rows, weight=rows.weight * value).of(value > 0))
    return None if found is None else _times(found.difference, -worth)


def _times(item: Interval, factor: float) -> Interval:
    """An interval in another unit; a factor below 0 turns its ends round."""
    ends = [None if end is None else end * factor for end in (item.low, item.high)]
    low, high = ends if factor >= 0 else ends[::-1]
    return Interval(item.value * factor, low, high)


def _direction(gap: Interval | None) -> str:
    if gap is None or gap.low is None or gap.high is None:
        return ""
    return "less" if gap.high < 0 else "more" if gap.low > 0 else ""


def _no_control(listed: Listed) -> Note:
    """Why nothing can be told: a rate before and one after differ by more than by calls."""
    return Note("effect.no_control") if listed.contacted.any() else Note("effect.nobody_contacted")


def _power(own: Listed, listed: Listed, days: np.ndarray | None, ratio: float) -> Power:
    """At the pace and the share of the lists so far; the rate is that of the control group, or else of all."""
    judged = _judged(listed, CameTo.EVENT)
    control = judged & ~listed.contacted
    of_whom = control if control.any() else judged
    rate = float((listed.came[of_whom] == CameTo.EVENT).mean()) if of_whom.any() else 0.0
    share = float((~own.contacted).mean()) if len(own.contacted) else 0.0
    weeks = 1.0 if days is None or not judged.any() else _weeks(days[judged])
    so_far = own.of(_judged(own, CameTo.EVENT))
    found = rates.compared(_rows(so_far, CameTo.EVENT)) if len(so_far.came) else None
    return power(
        rate=rate,
        ratio=ratio,
        share=share,
        per_week=float(judged.sum()) / weeks,
        spread=found.spread if found else 1.0,
        judged=len(so_far.came),
    )


def _weeks(days: np.ndarray) -> float:
    """From the first day to the last, at least one week."""
    told = days[~np.isnat(days)].astype("datetime64[D]")
    return max(float((told.max() - told.min()).astype(np.int64) + 1) / 7, 1.0) if len(told) else 1.0
