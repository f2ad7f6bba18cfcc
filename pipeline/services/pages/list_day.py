"""What a list is made of, and on which day: kept, so that a list which is made is shown without reading its file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from pipeline.contract import Product
from pipeline.errors import PresencaError
from pipeline.insight.calls import first_day
from pipeline.records import DatasetInfo, ListDay
from pipeline.services.data import coded, series
from pipeline.services.pages.keeping import Kept, State
from pipeline.services.session import Session


@dataclass(frozen=True)
class ListData:
    """What a list is made of: a data set's rows and those of its series' others, read when they are asked for."""

    session: Session
    dataset_id: str
    sources: Sequence[DatasetInfo]
    product: Product

    @cached_property
    def rows(self) -> pd.DataFrame:
        """PresencaError where they are, with the history, more than a server reads."""
        info = self.session.workspace.dataset(self.dataset_id)
        whole = sum(one.rows for one in (info, *self.sources))
        if self.session.workspace.most_bytes is not None and whole > coded.MOST_WHOLE:
            raise PresencaError("agenda.too_many_rows", rows=whole, most=coded.MOST_WHOLE)
        return self.session.workspace.rows(self.dataset_id)

    @cached_property
    def history(self) -> pd.DataFrame | None:
        """The rows of the others, each appointment once."""
        return series.rows_of(self.session, self.sources, self.product)


def day_of_list(data: ListData, model_id: str, as_of: dt.date | None) -> ListDay:
    """Kept as long as the files are the same: a page that shows a list which is made reads no row of them."""
    session, dataset_id = data.session, data.dataset_id
    until = session.workspace.model(model_id).trained_until
    assert until is not None, "what has an agenda is learnt in time"
    ids = [dataset_id, *(one.id for one in data.sources)]
    state: State = [[until.isoformat()], *([one, session.workspace.revision(one)] for one in ids)]

    def work_out() -> ListDay:
        day, looks_back = first_day.day_of_list(data.rows, data.history, data.product, until, as_of)
        return ListDay(day, looks_back, *first_day.bounds(data.rows, data.product, until, day))

    kept_ = Kept(session, "list_day", session.workspace.dataset(dataset_id).series, ListDay)
    found = kept_.worked_out(f"{dataset_id} {model_id} {as_of}", state, work_out)
    assert found is not None, "there is always a day"
    return found
