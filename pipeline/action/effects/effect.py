"""What contacting did: the arms as they were drawn, held against each other once outcomes are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pipeline.action.effects import rates
from pipeline.action.effects.power import power
from pipeline.records import ArmRate, CameTo, Effect, EffectReport, Interval, Note, Power, note
from pipeline.statistics import discoveries

LEAST_OF_GROUP = 20  # judged appointments in each arm from which a group is told by itself
_LEVEL = 0.05
_NONE: Mapping[str, np.ndarray] = {}


@dataclass(frozen=True)
class Listed:
    """The appointments that lists were made of, one place each.

    `contacted` (bool): drawn to be contacted, whether or not anybody was reached. `came` (int): a CameTo. `patient`:
    names or numbers, alike for one patient. `stratum` (int): list and quarter in which it was drawn: arms are weighed
    so that each stratum counts in both as in the whole. `quarter` (int): of risk, 1 to 4; 0 unknown. `value`: R$ of its
    slot, None where nobody said.
    """

    contacted: np.ndarray
    came: np.ndarray
    patient: np.ndarray
    stratum: np.ndarray
    quarter: np.ndarray
    value: np.ndarray | None = None

    def of(self, which: np.ndarray) -> Listed:
        """Those of them that `which` (bool) names."""
        value = None if self.value is None else self.value[which]
        return Listed(
            self.contacted[which],
            self.came[which],
            self.patient[which],
            self.stratum[which],
            self.quarter[which],
            value,
        )


def report(
    listed: Listed,
    *,
    groups: Mapping[str, np.ndarray] = _NONE,
    days: np.ndarray | None = None,
    expected_ratio: float | None = None,
) -> EffectReport:
    """What came of all lists. `groups`: columns (str per appointment, "" unknown) to split by; `days`: of the
    appointments (datetime64), for the pace; `expected_ratio`: the risk ratio to wait for (see `priors`).
    """
    comparable = _comparable(listed)
    own = listed.of(comparable)
    notes = () if comparable.any() else (_no_control(listed),)
    return EffectReport(
        whole=effect(own if comparable.any() else listed),
        late=effect(own if comparable.any() else listed, event=CameTo.LATE_CANCELLED),
        groups=tuple((name, by_group(own, values[comparable])) for name, values in groups.items()),
        power=None if expected_ratio is None else _power(own, listed, days, expected_ratio),
        uncompared=int((~comparable).sum()) if comparable.any() else 0,
        notes=notes,
    )


def effect(listed: Listed, group: str = "", *, event: CameTo = CameTo.EVENT) -> Effect:
    """The arms of these appointments held against each other. `event`: late cancellations are counted as events of
    their own among all that came to something, and never with the others.
    """
    judged = _judged(listed, event)
    own, which = listed.of(judged), listed.came[judged] == event
    rows = rates.Rows(which, own.contacted, own.patient, _weights(own), own.quarter)
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


def _judged(listed: Listed, event: CameTo) -> np.ndarray:
    outcomes = [CameTo.EVENT, CameTo.NON_EVENT, *([event] if event is CameTo.LATE_CANCELLED else [])]
    return np.isin(listed.came, outcomes)


def _comparable(listed: Listed) -> np.ndarray:
    """bool per appointment: whether its stratum has patients in both arms."""
    strata, place = np.unique(listed.stratum, return_inverse=True)
    both = [np.bincount(place[arm], minlength=len(strata)) > 0 for arm in (listed.contacted, ~listed.contacted)]
    return (both[0] & both[1])[place]


def _weights(listed: Listed) -> np.ndarray:
    """Of each row: how many of its stratum in both arms stand for one in its own, so that no list or quarter weighs
    more in one arm than in the other. Strata of which one arm lost all its judged rows keep weight 1.
    """
    place = np.unique(listed.stratum, return_inverse=True)[1]
    arms = listed.contacted.astype(np.int64)
    size = np.bincount(place)
    each = np.bincount(2 * place + arms, minlength=2 * len(size))
    return size[place] / each[2 * place + arms] * _balance(size, each)[place, arms]


def _balance(size: np.ndarray, each: np.ndarray) -> np.ndarray:
    """float (strata, 2): 0 where the other arm is empty, so that it drops out, unless no stratum has both."""
    other = each.reshape(-1, 2)[:, ::-1] > 0
    return other.astype(np.float64) if (other.all(axis=1) & (size > 0)).any() else np.ones_like(other, dtype=np.float64)


def _counted(
    listed: Listed, arm: np.ndarray, judged: np.ndarray, event: CameTo, rate: Interval | None
) -> ArmRate:
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
    rows = len(listed.came)
    return note("effect.no_control", rows=rows) if rows and listed.contacted.any() else note("effect.nobody_contacted")


def _power(own: Listed, listed: Listed, days: np.ndarray | None, ratio: float) -> Power:
    """At the pace and the share of the lists so far; the rate is that of the control group, or else of all."""
    judged = _judged(listed, CameTo.EVENT)
    control = judged & ~listed.contacted
    of_whom = control if control.any() else judged
    rate = float((listed.came[of_whom] == CameTo.EVENT).mean()) if of_whom.any() else 0.0
    share = float((~own.contacted).mean()) if len(own.contacted) else 0.0
    weeks = 1.0 if days is None or not judged.any() else _weeks(days[judged])
    done = int(_judged(own, CameTo.EVENT).sum()) if len(own.came) else 0
    return power(rate=rate, ratio=ratio, share=share, per_week=float(judged.sum()) / weeks, judged=done)


def _weeks(days: np.ndarray) -> float:
    """From the first day to the last, at least one week."""
    told = days[~np.isnat(days)].astype("datetime64[D]")
    return max(float((told.max() - told.min()).astype(np.int64) + 1) / 7, 1.0) if len(told) else 1.0
