"""What slots of a series are worth and contacts cost: examples of the product, until the clinic edits them."""

from __future__ import annotations

from pipeline.action import money
from pipeline.contract import Product
from pipeline.errors import PresencaError
from pipeline.records.effects import Worth
from pipeline.services import catalog
from pipeline.services.data import series_settings
from pipeline.services.session import Permission, Session, needs

__all__ = ["of"]


@needs(Permission.READ_RISKS)
def of(session: Session, series_id: str) -> Worth:
    """What the clinic said, and the product's examples for the rest. PresencaError for a product without contacts."""
    rules = _declared(session, series_id).contacts
    if rules is None:
        raise PresencaError("contacts.no_agenda", product=_declared(session, series_id).title)
    kept = series_settings.of(session, series_id).money
    edited = {} if kept is None else kept.values
    call, message = rules.costs if kept is None else (kept.call, kept.message)
    return Worth(money.values(dict(rules.values), edited), money.costs(call, message, example=kept is None))


def _declared(session: Session, series_id: str) -> Product:
    return catalog.product(session.workspace.one_series(series_id).product)
