"""Other systems told of comments that came and may not wait: each event once, however often its file is read."""

from __future__ import annotations

import datetime as dt

import numpy as np

from pipeline.insight.comments import severity
from pipeline.records import DatasetInfo
from pipeline.records.webhooks import WebhookEvent
from pipeline.services import catalog
from pipeline.services.data import event_keys
from pipeline.services.session import Permission, Session, needs
from pipeline.workspace.repositories.outbox import Plain

_TOLD = "severe_told:"  # begins the name of a setting of a series: data set → until when its comments were told of


@needs(Permission.CHANGE_DATA)
def tell(session: Session, dataset_id: str) -> int:
    """Tells of the comments of a data set that may not wait, among those that were sent since the first webhook that
    asked for it was made and were not told of yet; how many they are. Nothing is read where nobody asks, and nothing
    told of samples.
    """
    space = session.workspace
    asked = space.hooked_since(WebhookEvent.COMMENTS_SEVERE)
    info = space.dataset(dataset_id)
    declared = catalog.product(info.product)
    if asked is None or info.is_sample or declared.comment is None or not declared.alerts:
        return 0
    marks: dict[str, str] = space.setting(_TOLD + info.series, {})
    new, latest = _new(session, info, marks, asked)
    held, rows = event_keys.of(session, dataset_id), space.rows(dataset_id, ["row", declared.comment.key])
    rows = rows.loc[np.isin(rows["row"].to_numpy(np.int64), held.rows[new])]
    found = severity.of_rows(rows, declared)
    named = event_keys.named(session, dataset_id)
    grave = [(named[row], alerts) for row, alerts in zip(rows["row"].tolist(), found, strict=True) if alerts]
    if not grave:
        return 0
    gravest = severity.gravest([one for _, alerts in grave for one in alerts], declared.alerts)
    keys = tuple(dict.fromkeys(key for key, _ in grave))
    still = {one.id for one in event_keys.others(session, info.product, info.series)}
    kept = {one: until for one, until in marks.items() if one in still} | {dataset_id: str(latest)}
    told: dict[str, Plain] = {
        "dataset": dataset_id,
        "product": info.product,
        "series": info.series,
        "comments": len(keys),
        "gravest": gravest.key if gravest is not None else "",
    }
    space.tell(WebhookEvent.COMMENTS_SEVERE, told, keys, remember=(_TOLD + info.series, kept))
    return len(keys)


def _new(session: Session, info: DatasetInfo, marks: dict[str, str], asked: float) -> tuple[np.ndarray, np.datetime64]:
    """Mask of a data set's events that were not told of, in this file or another, and when the latest came (UTC)."""
    held, others = event_keys.of(session, info.id), event_keys.others(session, info.product, info.series)
    moments = event_keys.first_taken_in(session, others, held.keys)
    since = np.datetime64(dt.datetime.fromtimestamp(int(asked), dt.UTC).replace(tzinfo=None), "us")
    told = moments < since
    for other in others:
        if other.id in marks:
            there = event_keys.of(session, other.id).places(held.keys) >= 0
            told |= there & (moments <= np.datetime64(marks[other.id], "us"))
    return ~told, np.max(np.append(moments, since))
