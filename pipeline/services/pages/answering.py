"""By which model another system is answered about a data set: the one that it names, or else the one in use."""

from __future__ import annotations

from pipeline.errors import PresencaError
from pipeline.records import DatasetInfo, ModelInfo
from pipeline.services import catalog
from pipeline.services.models import models
from pipeline.services.pages import comments, list_job
from pipeline.services.pages.agenda import Agenda
from pipeline.services.pages.comments import HeardComments
from pipeline.services.session import Permission, Session, needs

__all__ = ["heard", "listed", "model_of"]


@needs(Permission.OPEN)
def model_of(session: Session, dataset: DatasetInfo, model_id: str = "") -> ModelInfo | None:
    """The model that is named ("" for the one in use; None where none is). WorkspaceError where there is none of this
    id; PresencaError where it is of another product.
    """
    if not model_id:
        return models.suited(session, dataset.product, dataset)
    found = session.workspace.model(model_id)
    if found.product != dataset.product:
        raise PresencaError("model.other_product")
    return found


@needs(Permission.SEE_RISK)
def listed(session: Session, dataset_id: str, model_id: str = "") -> Agenda:
    """The scored list of a data set. PresencaError where its product has no agenda, where no model is in use, and until
    a job has made it, which begins now, where its rows are many.
    """
    info, found = _both(session, dataset_id, model_id, has="agenda")
    return list_job.made_or_begun(session, info.id, found.id)


@needs(Permission.READ_AGGREGATES, by_unit=True)
def heard(session: Session, dataset_id: str, model_id: str = "") -> HeardComments:
    """The comments of a data set, read. PresencaError where its product has none, or where no model is in use."""
    info, found = _both(session, dataset_id, model_id, has="comments")
    return comments.hear(session, info.id, found.id)


def _both(session: Session, dataset_id: str, model_id: str, *, has: str) -> tuple[DatasetInfo, ModelInfo]:
    info = session.workspace.dataset(dataset_id)
    declared = catalog.product(info.product)
    if not (declared.has_agenda if has == "agenda" else declared.has_comments):
        raise PresencaError(f"sending.no_{has}")
    found = model_of(session, info, model_id)
    if found is None:
        raise PresencaError("model.none_in_use")
    return info, found
