"""What a list is made of, and on which day: kept, so that a list which is made is shown without reading its file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from pipeline.contract import Product
from pipeline.insight.calls import first_day
from pipeline.records import DatasetInfo, ListDay
from pipeline.services.data import series
from pipeline.services.pages.keeping import Kept, State
from pipeline.services.session import Session


@dataclass(frozen=True)
class ListData:
    """What a list is made of: a data set's rows and those of its series' others, read when they are asked for; or the
    columns that tell its day, where these alone are known.
    """

    session: Session
    dataset_id: str
    sources: Sequence[DatasetInfo]
    product: Product

    @cached_property
    def rows(self) -> pd.DataFrame:
        """All of them."""
        return self.session.workspace.rows(self.dataset_id)

    @cached_property
    def history(self) -> pd.DataFrame | None:
        """The rows of the others, each appointment once."""
        return series.rows_of(self.session, self.sources, self.product)

    def known(self, rows: pd.DataFrame, history: pd.DataFrame | None) -> None:
        """From now on these are the rows and the history."""
        self.__dict__.update(rows=rows, history=history)


def day_of_list(data: ListData, model_id: str, as_of: dt.date | None) -> ListDay:
    """Kept as long as the files are the same: a page that shows a list which is made reads no row of them."""
    kept_, name, state, until = _asked(data, model_id, as_of)

    def work_out() -> ListDay:
        day, looks_back = first_day.day_of_list(data.rows, data.history, data.product, until, as_of)
        return ListDay(day, looks_back, *first_day.bounds(data.rows, data.product, until, day))

    found = kept_.worked_out(name, state, work_out)
    assert found is not None, "there is always a day"
    return found


def known_day(data: ListData, model_id: str, as_of: dt.date | None) -> ListDay | None:
    """The same where it was worked out before, by whomever: no row is read, and it is of all rows."""
    data = replace(data, session=replace(data.session, user=None, key=None))
    kept_, name, state, _ = _asked(data, model_id, as_of)
    return kept_.known(name, state)


def _asked(data: ListData, model_id: str, as_of: dt.date | None) -> tuple[Kept[ListDay], str, State, dt.date]:
    session, dataset_id = data.session, data.dataset_id
    until = session.workspace.model(model_id).trained_until
    assert until is not None, "what has an agenda is learnt in time"
    ids = [dataset_id, *(one.id for one in data.sources)]
    state: State = [[until.isoformat()], *([one, session.workspace.revision(one)] for one in ids)]

    kept_ = Kept(session, "list_day", session.workspace.dataset(dataset_id).series, ListDay)
    return kept_, f"{dataset_id} {model_id} {as_of}", state, until
