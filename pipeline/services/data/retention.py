"""What goes by itself when its time is over; and when each thing will."""

from __future__ import annotations

import datetime as dt

from pipeline.records.privacy import Due, Retained, RetentionKind
from pipeline.services.data import erasing
from pipeline.services.session import Permission, Session, needs
from pipeline.workspace.audit import entries
from pipeline.workspace.storage import atomic_files

_DONE = "retention_done"
ARRIVALS_KEPT = dt.timedelta(days=30)  # for so long a sender may ask what became of what it sent

DELIVERIES_KEPT = dt.timedelta(days=30)  # for so long what was told to other systems stays in the log


@needs(Permission.MAINTAIN)
def retain(session: Session) -> tuple[Retained, ...]:
    """Erases what has had its time, ends erasures that were cut short, sweeps what a killed process left; gives what
    was done, which is on record. Safe to call as often as one likes: what is gone is not erased again.
    """
    space, today = session.workspace, session.today()
    found = [Retained(RetentionKind.SHEET, dataset, 1) for dataset in space.expire_vaults(today)]
    for one in found:
        session.audit("vault_expired", dataset=one.of)
    counts = {
        RetentionKind.WAITING: space.expire_waiting_sheets(today),
        RetentionKind.SHELVED: space.expire_shelved(today.isoformat()),
        RetentionKind.ARRIVALS: space.sweep_arrivals((session.now() - ARRIVALS_KEPT).isoformat(timespec="seconds")),
        RetentionKind.DELIVERIES: space.sweep_deliveries((session.now() - DELIVERIES_KEPT).timestamp()),
        RetentionKind.ERASURE: len(erasing.resume(session)),
        RetentionKind.LEFTOVERS: atomic_files.sweep(space.staging),
    }
    others = [Retained(kind, "", count) for kind, count in counts.items() if count]
    for one in others:
        session.audit(_DONE, kind=str(one.kind), count=one.count)
    return (*found, *others)


@needs(Permission.READ_DATA)
def due(session: Session) -> tuple[Due, ...]:
    """The sheets that are kept, with the last day of each, the next to go first."""
    space = session.workspace
    sheets = [Due(RetentionKind.SHEET, d.name, d.vault_until) for d in space.datasets() if d.vault_until is not None]
    lists = [(series.name, space.waiting_list(series.id)) for series in space.series()]
    waiting = [Due(RetentionKind.WAITING, name, w.vault_until) for name, w in lists if w and w.vault_until is not None]
    return tuple(sorted((*sheets, *waiting), key=lambda one: (one.last, one.name)))


@needs(Permission.READ_DATA)
def done(session: Session, limit: int = 500) -> tuple[tuple[dt.datetime, Retained], ...]:
    """What went by itself, the latest first, among the last `limit` entries of the audit log."""
    found = []
    for entry in entries(session.workspace, limit):
        at = dt.datetime.fromisoformat(entry.at)
        if entry.action == "vault_expired":
            found.append((at, Retained(RetentionKind.SHEET, str(entry.facts.get("dataset", "")), 1)))
        elif entry.action == _DONE and entry.facts.get("kind") in set(RetentionKind):
            kind, count = RetentionKind(str(entry.facts["kind"])), int(str(entry.facts.get("count", 0)))
            found.append((at, Retained(kind, "", count)))
    return tuple(found)
