"""What trials let expect of a contact, before a clinic has measured its own: randomised ones alone.

Calls: Aij 2023 (doi 10.21203/rs.3.rs-3743388), Chen 2025, Oikonomidi 2022 (review, doi 10.1093/jamia/ocac242).
Messages: Oikonomidi 2022, Steiner 2018 (AJMC 24: 377), Berliner Senderey 2020 (Clalit, doi
10.1371/journal.pone.0234817). Letters: a trial of the VA, without effect. Before-and-after stories are not used.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

from pipeline.records import Interval
from pipeline.records.effects import EffectChannel, Prior, Trial

HIGH_RISK = 0.15  # from here on a row is one of those that trials called: declared, as they cut by ranks
LEAST_ERROR = 0.15  # on the log ratio: no clinic is so like those of a trial that less were honest (declared)
_UNTRIED = 2.0  # how much wider below HIGH_RISK, where trials of a channel had nobody
_UNKNOWN = 0.35  # of a channel without any trial: no effect, and a factor of two either way (declared)
_Z95 = 1.959963984540054


def _from_counts(with_it: float, without: float, n_each: int) -> Interval:
    """Risk ratio of two rates in arms of one size, with Katz's interval on the log (1978, Biometrics 34: 469)."""
    error = math.sqrt((1 - with_it) / (with_it * n_each) + (1 - without) / (without * n_each))
    return _around(with_it / without, error)


def _around(ratio: float, error: float) -> Interval:
    return Interval(ratio, ratio * math.exp(-_Z95 * error), ratio * math.exp(_Z95 * error))


# Declared widths (`declared`), none of them the source's: as standard errors of the log ratio, Aij 0.15 (its numbers
# are not at hand), Chen's telehealth 0.15 (told as "no effect", without rates), a letter 0.05 (told as "nothing").
# Chen's visits in person as arms of 140, a quarter of its 561; AJMC's high risk as arms of a tenth of an arm (1,802).
# Oikonomidi gives medians of trials, no interval: calls 0.61 (quartiles 0.49-0.68, range 0.49-0.75), taken as
# 0.49-0.75; messages 0.91 (range 0.89-0.93). AJMC's and Clalit's arms are taken as equal parts of all randomised.
TRIALS: tuple[Trial, ...] = (
    Trial("Aij", 2023, EffectChannel.CALL, "riskiest_35", _around(1 - 0.262, 0.15), declared=True),
    Trial(
        "Chen", 2025, EffectChannel.CALL, "in_person", _from_counts(0.293, 0.483, 140), 561, (0.293, 0.483),
        declared=True,
    ),
    Trial("Chen", 2025, EffectChannel.CALL, "telehealth", _around(1.0, 0.15), 561, declared=True),
    Trial("Oikonomidi", 2022, EffectChannel.CALL, "predicted", Interval(0.61, 0.49, 0.75), 4_959, declared=True),
    Trial("Oikonomidi", 2022, EffectChannel.MESSAGE, "predicted", Interval(0.91, 0.89, 0.93), 158_669, declared=True),
    Trial(
        "AJMC", 2018, EffectChannel.MESSAGE, "second_message", _from_counts(0.044, 0.058, 18_022), 54_066,
        (0.044, 0.058),
    ),
    Trial(
        "AJMC", 2018, EffectChannel.MESSAGE, "second_message_high", _from_counts(0.205, 0.250, 1_802), 54_066,
        (0.205, 0.250), declared=True,
    ),
    Trial(
        "Clalit", 2020, EffectChannel.WORDING, "wording", _from_counts(0.142, 0.211, 17_954), 161_587,
        (0.142, 0.211),
    ),
    Trial("VA", 0, EffectChannel.LETTER, "letters", _around(1.0, 0.05), declared=True),
)  # fmt: skip
# what a prior is made of; a visit by video is none that a clinic's agenda tells, and stays a story of its own
_USED = {
    EffectChannel.CALL: ("riskiest_35", "in_person", "predicted"),
    EffectChannel.MESSAGE: ("predicted", "second_message_high"),
    EffectChannel.WORDING: ("wording",),
    EffectChannel.LETTER: ("letters",),
}
_LOW_RISK_TOLD = {EffectChannel.MESSAGE: ("predicted", "second_message")}


def trials(channel: EffectChannel) -> tuple[Trial, ...]:
    """All trials of a channel."""
    return tuple(trial for trial in TRIALS if trial.channel is channel)


def prior(channel: EffectChannel, risk: float) -> Prior:
    """What is believed of a channel's effect on a row of this risk, here and now: the mean of its trials, and the
    standard error of one more clinic.
    """
    return _prior(channel, risk >= HIGH_RISK)


@cache
def _prior(channel: EffectChannel, high: bool) -> Prior:
    told = _LOW_RISK_TOLD.get(channel, ()) if not high else ()
    used = [trial for trial in trials(channel) if trial.whom in (told or _USED[channel])]
    if not used:
        return Prior(0.0, _UNKNOWN)
    mean, error = _next_clinic([math.log(t.ratio.value) for t in used], [_error(t) for t in used])
    wider = 1.0 if high or told or channel in (EffectChannel.WORDING, EffectChannel.LETTER) else _UNTRIED
    return Prior(mean, max(error, LEAST_ERROR) * wider, tuple(f"{t.name} {t.year}" if t.year else t.name for t in used))


def _error(trial: Trial) -> float:
    assert trial.ratio.low is not None and trial.ratio.high is not None
    return math.log(trial.ratio.high / trial.ratio.low) / (2 * _Z95)


def _next_clinic(logs: Sequence[float], errors: Sequence[float]) -> tuple[float, float]:
    """Mean of trials and the standard error of one more, by random effects (DerSimonian & Laird 1986; the prediction
    after Higgins, Thompson & Spiegelhalter 2009).
    """
    weights = [1 / error**2 for error in errors]
    total = sum(weights)
    fixed = sum(w * x for w, x in zip(weights, logs, strict=True)) / total
    spread = sum(w * (x - fixed) ** 2 for w, x in zip(weights, logs, strict=True))
    free = total - sum(w**2 for w in weights) / total
    between = max(0.0, (spread - (len(logs) - 1)) / free) if free > 0 else 0.0
    weights = [1 / (error**2 + between) for error in errors]
    mean = sum(w * x for w, x in zip(weights, logs, strict=True)) / sum(weights)
    return mean, math.sqrt(between + 1 / sum(weights))
