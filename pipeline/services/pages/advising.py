"""The advice about models in use, looked at though nobody opens a page: other systems that asked are told of it."""

from __future__ import annotations

import logging
from collections.abc import Callable

from pipeline.errors import PresencaError
from pipeline.records.webhooks import WebhookEvent
from pipeline.services import catalog, leasing
from pipeline.services.data import series
from pipeline.services.session import Actor, Session
from pipeline.services.workers import Worker
from pipeline.workspace.store import Workspace

_NAME, _LOOKS_EVERY = "advice", 60.0


def look(workspace: Workspace) -> None:
    """Watches the model in use of each series, where somebody asked to be told: what was worked out of the same files
    is not worked out again. Samples are left alone.
    """
    if workspace.hooked_since(WebhookEvent.MODEL_DRIFT) is None:
        return
    lease = leasing.Lease(workspace, _NAME)
    if not lease.take():
        return
    with lease.kept():
        session = Session(workspace, Actor.HOUSE)
        for product in catalog.products():
            for one in series.listed(session, product.key):
                if one.model_id and not one.is_sample:
                    _watch(session, one.model_id)


def _watch(session: Session, model_id: str) -> None:
    from pipeline.services.pages import watching  # seconds to load, and a server begins with this room

    try:
        watching.watched(session, model_id)
    except PresencaError as error:  # a bundle that can't be opened is told of on its page
        logging.getLogger("presenca").error("watching a model: %s", error.note.code)


def start(workspace: Callable[[], Workspace]) -> Worker:
    """A worker that looks from now on."""
    return Worker.every(_LOOKS_EVERY, _NAME, workspace, look)
