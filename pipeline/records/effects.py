"""What contacts do: arms drawn by chance, trials to start from, the effect that was measured, and what it is worth.

Rates, risks and shares are fractions; a ratio is a risk ratio, contacted over control; money is in R$. A difference is
contacted minus control: below zero, fewer events. `avoided` and `recovered` are above zero where a contact helps.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from pipeline.records.note import Note
from pipeline.records.numbers import Interval


class Arm(StrEnum):
    """Where the draw put a patient, whatever was done afterwards."""

    CONTACT = "contact"
    CONTROL = "control"


class CameTo(IntEnum):
    """What came of an appointment. Only the first two are judged; a late cancellation is an outcome of its own."""

    NON_EVENT = 0
    EVENT = 1
    LATE_CANCELLED = 2
    NOT_JUDGED = 3  # cancelled in time, moved, still to come, or not told


class EffectChannel(StrEnum):
    """How a patient is reached, as far as trials tell channels apart."""

    CALL = "call"
    MESSAGE = "message"
    LETTER = "letter"
    WORDING = "wording"  # one message against another


@dataclass(frozen=True)
class Trial:
    """A randomised trial, or a review of some: what a channel did to the event's rate, and for whom (a code).

    `n`: people or appointments in all; None where what is at hand doesn't say. `declared`: the interval is a width of
    ours, as the source gives none that could be used.
    """

    name: str
    year: int
    channel: EffectChannel
    whom: str
    ratio: Interval
    n: int | None = None
    rates: tuple[float, float] | None = None  # with it, without it
    declared: bool = False


@dataclass(frozen=True)
class Prior:
    """What is believed of a channel's effect before the clinic's own data: log risk ratio and its standard error."""

    log_ratio: float
    error: float
    trials: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        """Whether a trial stands behind it."""
        return bool(self.trials)


@dataclass(frozen=True)
class ArmRate:
    """One arm: its patients and appointments, those judged, and the share of events among these.

    `rate` weighs lists of other shares of control alike. `late` (cancelled late) and `unjudged` stand beside it.
    """

    patients: int
    appointments: int
    judged: int
    events: int
    late: int
    unjudged: int
    rate: Interval | None


@dataclass(frozen=True)
class Effect:
    """Contacted against control, by intention to treat, over all or in one group; None where an arm has nobody judged.

    `avoided`: events, over the contacted arm; `recovered`: the same in R$, before any cost. `p`: of no difference,
    two-sided. `told`: "less" or "more" events where the interval leaves out zero (in a group: where that holds among
    all groups looked at), else "".
    """

    group: str
    contact: ArmRate
    control: ArmRate
    difference: Interval | None
    ratio: Interval | None
    avoided: Interval | None
    recovered: Interval | None = None
    p: float | None = None
    told: str = ""


@dataclass(frozen=True)
class Power:
    """When an effect can be told: two-sided 5 %, with a chance of 80 %, at the pace of the list.

    `needed`: judged appointments in both arms; `weeks` from the first list on, `left` from now on; all None where
    `why_not` says why it never can.
    """

    needed: int | None
    weeks: int | None
    left: int | None
    per_week: float
    share: float
    ratio: float
    why_not: Note | None = None


@dataclass(frozen=True)
class QiniPoint:
    """The share of a list that is contacted, first in order first, and the events avoided by appointment listed."""

    share: float
    avoided: float


@dataclass(frozen=True)
class Qini:
    """How well an order finds those whom a contact helps: the area between its curve and that of a chance order, in
    events avoided by appointment listed (or R$); 0 is chance.
    """

    value: Interval
    appointments: int
    curve: tuple[QiniPoint, ...] = ()


@dataclass(frozen=True)
class OrderJudged:
    """Whether the order by gain finds those whom a contact helps: its Qini, and by how much that is above the order by
    risk's; None of both where `why_not` says why. `contacted` and `control`: judged appointments.
    """

    qini: Qini | None
    gap: Interval | None
    contacted: int
    control: int
    why_not: Note | None = None


@dataclass(frozen=True)
class ArmsCompared:
    """Ways of contacting that were drawn against each other: their kind ("channel", "wording" or "told", as a file
    names them), their names, the first one first, and the effect of each other against it (its group is its name).
    """

    kind: str
    names: tuple[str, ...]
    effects: tuple[Effect, ...]


@dataclass(frozen=True)
class EffectReport:
    """What came of the lists: the whole, the late cancellations apart, by group (column, then its groups).

    `uncompared`: appointments of lists without a control group: they say nothing of the effect. `order`: None where
    nobody asked; `arms`: where ways of contacting were drawn against each other.
    """

    whole: Effect
    late: Effect
    groups: tuple[tuple[str, tuple[Effect, ...]], ...] = ()
    power: Power | None = None
    uncompared: int = 0
    notes: tuple[Note, ...] = ()
    order: OrderJudged | None = None
    arms: tuple[ArmsCompared, ...] = ()
    hidden: int = 0  # groups and ways that are not shown, for being of few


@dataclass(frozen=True)
class EffectCell:
    """The effect of a channel on rows of a quarter of risk (1 the lowest; 0 any) and a category ("" any): risk ratio
    with its interval; judged appointments of its own, contacted and control, and where the belief stems from: "trials",
    "both" or "own".
    """

    channel: EffectChannel
    quarter: int
    category: str
    ratio: Interval
    contacted: int
    control: int
    source: str


@dataclass(frozen=True)
class SlotValue:
    """What a slot is worth, by procedure or type of procedure (`name`; "" any other); an example until it is edited."""

    name: str
    value: float
    example: bool = True


@dataclass(frozen=True)
class ContactCosts:
    """What one contact costs, by way."""

    call: float
    message: float
    example: bool = True

    def of(self, channel: EffectChannel) -> float:
        """The cost of one contact; a letter is taken for a message."""
        return self.call if channel is EffectChannel.CALL else self.message


@dataclass(frozen=True)
class CallsThatPay:
    """Contacts a day up to which the next one still gains more than it costs, in a list of some days in order of gain.

    `next_gain`: of the first that doesn't, before its cost; None where all pay. `worth`: what those that pay gain.
    """

    a_day: int
    paying: int
    listed: int
    next_gain: float | None
    worth: float


@dataclass(frozen=True)
class GainPoint:
    """What a call gains before its cost, in R$, at its place (1, 2, …) in a list in order of gain; with the ends of the
    effect's interval.
    """

    call: int
    gain: float
    low: float
    high: float


@dataclass(frozen=True)
class PayingCalls:
    """Up to which call of a day the next one gains more than its cost (R$), of all patients who could be called on it.

    `a_day`: that many calls, with those at the ends of the effect's interval. `own`: the clinic's drawn groups speak in
    the effect beside trials. `example`: some value or cost is still an example. `curve`: the gain, call by call.
    """

    pays: CallsThatPay
    a_day: Interval
    cost: float
    own: bool
    example: bool
    curve: tuple[GainPoint, ...]


@dataclass(frozen=True)
class Worth:
    """What slots of a series are worth, by procedure or type, and what contacts cost; examples until edited."""

    values: tuple[SlotValue, ...]
    costs: ContactCosts

    @property
    def example(self) -> bool:
        """Whether any of it is still an example."""
        return self.costs.example or any(one.example for one in self.values)


MEASURED_FROM = 100  # judged appointments in each arm from which a clinic's own measure takes the trials' place


@dataclass(frozen=True)
class ControlCost:
    """What a control group of this share of the newest list gives up, as trials let expect: events, and R$."""

    share: float
    avoided: float
    worth: float


@dataclass(frozen=True)
class ListsMeasured:
    """What came of the call lists of a series, each appointment once, in the group in which it was first drawn.

    `report`: of those whose outcome is told; None while there are none. `awaiting`: appointments (contact, control)
    whose day is not over or of which no file tells. `crossed`: of the control group, contacted all the same.
    `outcomes`: what came of contacts (codes), in appointments of the contact group, most first. `spent`: R$ on contacts
    about those who are compared; `month`: R$ a month after that cost, `measured` here or by trials.
    """

    lists: int
    listed: int
    first: dt.date
    last: dt.date
    awaiting: tuple[int, int]
    report: EffectReport | None
    share: float  # of the control group in the newest list
    crossed: int
    outcomes: tuple[tuple[str, int], ...]
    spent: float
    month: Interval | None
    measured: bool
    costs: tuple[ControlCost, ...]
    example: bool
