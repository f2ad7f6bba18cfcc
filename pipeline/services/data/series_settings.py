"""How a series is set: how it calls, what its slots are worth, what extra bookings it allows, what its callers say.

One record a series, kept for everybody who opens it. What a number may be is checked here; what a part means is said
where it is used (`contacts`, `slot_values`, `attendances`, `call_scripts`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.action import money
from pipeline.contact_declarations import LONGEST_SCRIPT, unknown_blanks
from pipeline.errors import PresencaError
from pipeline.records.contacts import Compared, ComparedKind, Mute, QueueSettings
from pipeline.records.series_settings import ExtraBookings, MoneySettings, SeriesSettings
from pipeline.records.slots import OverbookingPolicy
from pipeline.services.session import Permission, Session, needs

__all__ = ["calls", "checked_script", "extra", "of", "set_calls", "set_extra", "set_money", "set_script"]

_LEAST_WAY = 0.1  # of those to contact, in each of two ways that are compared
_MOST = QueueSettings(200, 500, 15, 30, 1.0, Mute(365), 72, 10, 0.5, 2**31 - 1)
_LEAST = QueueSettings(1, 1, 1, 1, 0.0, Mute(0), 1, 1, 0.0, 0)
_EXTRA_MOST = ExtraBookings(OverbookingPolicy(0.5, 1.0, 20, 10.0, 1_000, 10.0, 1.0), 480.0)
_EXTRA_LEAST = ExtraBookings(OverbookingPolicy(0.01, 0.0, 0, 0.0, 0, 0.0, 0.0), 5.0)


@needs(Permission.READ_AGGREGATES)
def of(session: Session, series_id: str) -> SeriesSettings:
    """All that people of a series set."""
    return session.workspace.series_settings(series_id)


@needs(Permission.READ_LISTS)
def calls(session: Session, series_id: str) -> QueueSettings:
    """How a series calls; the usual way until somebody changed it."""
    return of(session, series_id).calls or QueueSettings()


@needs(Permission.PLAN_CALLS)
def set_calls(session: Session, series_id: str, wanted: QueueSettings) -> None:
    """Changes how a series calls. PresencaError for a number that makes no sense."""
    _within([_numbers(one) for one in (_LEAST, wanted, _MOST)], "contacts.settings_out_of_range")
    if wanted.compared is not None:
        _comparable(wanted.compared)
    session.workspace.change_series_settings(series_id, lambda kept: replace(kept, calls=wanted))
    session.audit("call_settings_changed", series=series_id)


def _numbers(one: QueueSettings) -> Sequence[float]:
    days = (one.mute.days, *(days for _, days in one.mute.units))
    return [*(value for name, value in vars(one).items() if name not in ("mute", "compared")), min(days), max(days)]


def _comparable(one: Compared) -> None:
    """PresencaError for two ways that are one, no text, a text that can't be said, or nobody in one of the two."""
    if one.kind is ComparedKind.WORDING:
        checked_script(one.second)
    if not one.second.strip() or one.first == one.second or not _LEAST_WAY <= one.share <= 1 - _LEAST_WAY:
        raise PresencaError("contacts.nothing_compared")


def checked_script(text: str) -> None:
    """PresencaError for a text that is too long, or has a blank that nobody fills."""
    if len(text) > LONGEST_SCRIPT or (odd := unknown_blanks(text)):
        raise PresencaError(
            "contacts.odd_script", most=LONGEST_SCRIPT, blanks=odd if len(text) <= LONGEST_SCRIPT else ()
        )


def _within(numbers: Sequence[Sequence[float]], code: str) -> None:
    """`numbers`: least, wanted and most, in one order. PresencaError of this code where one is out of range."""
    if not all(low <= own <= high for low, own, high in zip(*numbers, strict=True)):
        raise PresencaError(code)


@needs(Permission.PLAN_CALLS)
def set_money(session: Session, series_id: str, values: Mapping[str, float], call: float, message: float) -> None:
    """Changes what slots are worth (R$ by procedure or type, "" any other) and contacts cost. PresencaError for what is
    no amount of money.
    """
    costs = money.costs(call, message)
    told = MoneySettings(
        {name: money.amount(float(value)) for name, value in values.items()}, costs.call, costs.message
    )
    session.workspace.change_series_settings(series_id, lambda kept: replace(kept, money=told))
    session.audit("slot_values_changed", series=series_id)


@needs(Permission.READ_LISTS)
def extra(session: Session, series_id: str) -> ExtraBookings:
    """What a series allows of extra bookings; the usual until somebody changed it."""
    return of(session, series_id).extra or ExtraBookings()


@needs(Permission.PLAN_CALLS)
def set_extra(session: Session, series_id: str, wanted: ExtraBookings) -> None:
    """Changes what a series allows of extra bookings. PresencaError for a number that makes no sense."""
    told = [[*vars(one.policy).values(), one.minutes] for one in (_EXTRA_LEAST, wanted, _EXTRA_MOST)]
    _within(told, "slots.settings_out_of_range")
    session.workspace.change_series_settings(series_id, lambda kept: replace(kept, extra=wanted))
    session.audit("extra_settings_changed", series=series_id)


@needs(Permission.PLAN_CALLS)
def set_script(session: Session, series_id: str, key: str, text: str) -> None:
    """Gives a script another text; "" the product's own. PresencaError as `checked_script`."""
    checked_script(text)

    def changed(kept: SeriesSettings) -> SeriesSettings:
        others = {name: said for name, said in kept.scripts.items() if name != key}
        return replace(kept, scripts=others | ({key: text} if text else {}))

    session.workspace.change_series_settings(series_id, changed)
    session.audit("call_script_changed", series=series_id, script=key)
