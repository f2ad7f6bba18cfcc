"""Two models of a series side by side: on rows from which neither learnt, or by what they said before they learnt.

Made once and kept in the workspace, as long as the files of the series and the risks of both are the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pipeline.contract import Product, Role
from pipeline.ingestion.dataset import concat_rows
from pipeline.insight import evaluation
from pipeline.insight.groups.counts import places
from pipeline.modeling.features.prediction_time import NO_DAY, day_number, event_days
from pipeline.modeling.features.timeline import without_repeats
from pipeline.records import (
    HELD_OUT,
    OWN_TESTS,
    UNSEEN,
    DatasetInfo,
    ModelCard,
    ModelComparison,
    ModelInfo,
    OwnTest,
    SideBySide,
)
from pipeline.services import catalog
from pipeline.services.data import event_keys
from pipeline.services.models import models
from pipeline.services.pages import risk
from pipeline.services.pages.keeping import Kept, State
from pipeline.services.session import Permission, Session, needs

_FIRST, _SECOND = "first_risk", "second_risk"
Pair = tuple[ModelInfo, ModelInfo]


@needs(Permission.READ_AGGREGATES)
def known(session: Session, first_id: str, second_id: str) -> SideBySide | None:
    """What was found of two models of a series (second beside first), if it still holds; None where nobody asked."""
    pair = session.workspace.model(first_id), session.workspace.model(second_id)
    return _kept(session, pair).known(_name(pair), _state(session, pair))


@needs(Permission.READ_AGGREGATES)
def beside(session: Session, first_id: str, second_id: str) -> SideBySide:
    """Two models on the same rows of their series' files, second beside first; remembered."""
    pair = session.workspace.model(first_id), session.workspace.model(second_id)
    found = _kept(session, pair).worked_out(_name(pair), _state(session, pair), lambda: _compared(session, pair))
    assert found is not None, "two models can always be told of, if only by their own tests"
    return found


def _kept(session: Session, pair: Pair) -> Kept[SideBySide]:
    return Kept(session, "two_models", pair[1].series or pair[0].series, SideBySide)


def _name(pair: Pair) -> str:
    return f"{pair[0].id}-{pair[1].id}"


def _state(session: Session, pair: Pair) -> State:
    """The files by which two models are compared, in the revision in which they are."""
    return [[info.id, session.workspace.revision(info.id)] for info in _files(session, pair)]


def _files(session: Session, pair: Pair) -> list[DatasetInfo]:
    return files_of(session, pair[1].product, pair[1].series or pair[0].series)


@needs(Permission.OPEN)
def files_of(session: Session, product_key: str, series: str) -> list[DatasetInfo]:
    """The files of a series that have outcomes, the latest first; the same file once."""
    own = [d for d in session.workspace.datasets(product_key) if d.series == series and d.purpose != "future"]
    once = {info.sha256: info for info in reversed(own)}
    return sorted(once.values(), key=lambda d: (str(d.last_date or ""), d.created), reverse=True)


def _compared(session: Session, pair: Pair) -> SideBySide:
    cards = models.card(session, pair[0].id), models.card(session, pair[1].id)
    tests = _own_test(cards[0]), _own_test(cards[1])
    for basis in (UNSEEN, HELD_OUT):
        found = _on_rows(session, pair, cards, basis)
        if found is not None:
            return SideBySide(basis, found, tests)
    return SideBySide(OWN_TESTS, None, tests)


def _own_test(card: ModelCard) -> OwnTest:
    test = card.test_ahead or card.test
    return OwnTest(test.model.auc, test.rows, test.period)


def _on_rows(session: Session, pair: Pair, cards: tuple[ModelCard, ModelCard], basis: str) -> ModelComparison | None:
    """The comparison on the rows of that kind; None where they are too few."""
    declared = catalog.product(pair[1].product)
    frames: list[pd.DataFrame] = []
    for rows in _told_by_both(session, pair, cards, basis):
        frames.append(without_repeats(concat_rows(frames), rows, declared) if frames else rows)
    if not frames:
        return None
    rows = concat_rows(frames).reset_index(drop=True)
    if not evaluation.measurable(rows["outcome"].to_numpy(dtype=np.float64)):
        return None
    ahead = evaluation.booked_ahead(rows, declared)  # as the cards' own tests are told
    rows = rows if ahead is None else rows.loc[ahead].reset_index(drop=True)
    risks = rows[_FIRST].to_numpy(dtype=np.float64), rows[_SECOND].to_numpy(dtype=np.float64)
    return replace(evaluation.compare_risks(rows, declared, cards, risks), ahead=ahead is not None)


def _told_by_both(
    session: Session, pair: Pair, cards: tuple[ModelCard, ModelCard], basis: str
) -> Iterator[pd.DataFrame]:
    """The rows of each file of which both models told a risk without having learnt from them, with both risks."""
    declared = catalog.product(pair[1].product)
    for info in _files(session, pair):
        sides = [Side(session, info, model, card) for model, card in zip(pair, cards, strict=True)]
        if not all(side.may_tell(basis) for side in sides):
            continue
        rows = event_keys.telling(session, info.id, measured_by(declared))
        told = [side.risks(rows, declared) for side in sides]
        chosen = rows["outcome"].notna().to_numpy() & ~np.isnan(told[0]) & ~np.isnan(told[1])
        yield rows.assign(**{_FIRST: told[0], _SECOND: told[1]}).loc[chosen]


_WHO = (Role.PATIENT, Role.BIRTH, Role.SEX, Role.POSTCODE)  # by the first, or else by the others together


def measured_by(declared: Product) -> list[str]:
    """The columns of typed rows by which a model is measured: what came, when it was booked and is, and of whom."""
    fields = (declared.by_role(role) for role in (Role.CONTACT, *_WHO))
    return ["outcome", declared.time.key, *(field.key for field in fields if field is not None)]


@dataclass(frozen=True)
class Side:
    """A model at a file: whether it learnt from it, and what it said of its rows before it did."""

    session: Session
    file: DatasetInfo
    model: ModelInfo
    card: ModelCard

    @property
    def learnt(self) -> bool:
        """Whether the file itself taught it: what it said of rows while it had not seen them is kept then."""
        meta = self.session.workspace.past_risks_meta(self.model.id, self.file.id)
        return meta is not None and "history" not in meta

    def may_tell(self, basis: str) -> bool:
        """Whether there can be rows of the file that it had not learnt from."""
        if self.learnt:
            return basis == HELD_OUT
        until, last = self.card.trained_until, self.file.last_date
        return until is None or last is None or last > until

    def risks(self, rows: pd.DataFrame, declared: Product) -> np.ndarray:
        """What it said of n typed rows before it learnt from them; NaN where nothing, or where they set its level."""
        learnt = self.learnt
        past = risk.past_risks(self.session, self.file.id, self.model.id)
        told = np.full(len(rows), np.nan)
        if past is None:
            return told
        at = places(rows, past)
        told[at >= 0] = past.risk[at[at >= 0]]
        told[evaluation.levelled_by(rows, declared, self.card)] = np.nan
        if learnt:
            told[~self._tested(rows, declared)] = np.nan
        return told

    def _tested(self, rows: pd.DataFrame, declared: Product) -> np.ndarray:
        """Rows of the period of its own test: all that it was tested on, where that has no dates."""
        period = self.card.test.period
        if period is None:
            return np.ones(len(rows), dtype=bool)
        day = event_days(rows, declared)
        return (day > NO_DAY) & (day >= day_number(period[0])) & (day <= day_number(period[1]))
