"""What slots of a series are worth and contacts cost: examples of the product, until the clinic edits them."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.action import money
from pipeline.contract import Product
from pipeline.errors import PresencaError
from pipeline.records.effects import Worth
from pipeline.services import catalog
from pipeline.services.session import Permission, Session, needs

__all__ = ["of", "keep"]

_SETTING = "money:"  # of a series; its id follows, so that it goes with the series


@needs(Permission.READ_AGGREGATES)
def of(session: Session, series_id: str) -> Worth:
    """What the clinic said, and the product's examples for the rest. PresencaError for a product without contacts."""
    rules = _declared(session, series_id).contacts
    if rules is None:
        raise PresencaError("contacts.no_agenda", product=_declared(session, series_id).title)
    kept = session.workspace.setting(_SETTING + series_id)
    edited = {} if kept is None else dict(kept["values"])
    call, message = rules.costs if kept is None else (kept["call"], kept["message"])
    return Worth(money.values(dict(rules.values), edited), money.costs(call, message, example=kept is None))


@needs(Permission.PLAN_CALLS)
def keep(session: Session, series_id: str, values: Mapping[str, float], call: float, message: float) -> None:
    """Keeps what the clinic says of its slots (R$ by procedure or type, "" any other) and contacts. PresencaError for
    what is no amount of money.
    """
    money.costs(call, message)
    plain = {name: money.amount(float(value)) for name, value in values.items()}
    session.workspace.set_setting(_SETTING + series_id, {"values": plain, "call": call, "message": message})
    session.audit("slot_values_changed", series=series_id)


def _declared(session: Session, series_id: str) -> Product:
    return catalog.product(session.workspace.one_series(series_id).product)
