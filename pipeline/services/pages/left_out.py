"""What the checks leave out of the rows, and must be seen all the same: comments that may not wait."""

from __future__ import annotations

from pipeline.contract import Product, RuleKind
from pipeline.insight.comments import severity
from pipeline.records import LeftOutComment, LeftOutComments
from pipeline.services import catalog
from pipeline.services.session import Permission, Session, needs


@needs(Permission.READ_COMMENTS)
def grave(session: Session, dataset_id: str) -> LeftOutComments:
    """The comments of rows left out that show an alert, the gravest first. A row that a newer file tells again is left
    out of these, too: it is among the rows there.
    """
    declared = catalog.product(session.workspace.dataset(dataset_id).product)
    if declared.comment is None or not declared.alerts:
        return LeftOutComments()
    left = session.workspace.left_out(dataset_id)
    left = left.loc[~left["reason"].astype("str").isin(_told_elsewhere(declared))]
    if declared.comment.key not in left:
        return LeftOutComments(unread=len(left))
    left = left.loc[left[declared.comment.key].notna()]
    texts = left[declared.comment.key].tolist()
    alerts = severity.alerts(texts, declared.alerts)
    lines = zip(left["row"].tolist(), left["reason"].tolist(), texts, alerts, strict=True)
    told = [LeftOutComment(row, reason, text, found) for row, reason, text, found in lines if found]
    order = [alert.key for alert in declared.alerts]
    return LeftOutComments(tuple(sorted(told, key=lambda one: min(order.index(found.key) for found in one.alerts))))


def _told_elsewhere(declared: Product) -> set[str]:
    return {rule.code for rule in declared.rules if rule.kind is RuleKind.SUPERSEDED}
