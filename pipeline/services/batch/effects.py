"""Whether contacts worked: a clinic's file with outcomes and its file of contacts, without a workspace."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline import atomic
from pipeline.action.effects import effect, order, priors
from pipeline.action.effects.effect import Listed
from pipeline.action.effects.uplift import Cases
from pipeline.contract import Outcome, Product, Role
from pipeline.errors import PresencaError
from pipeline.ingestion.intake import NOTHING
from pipeline.presentation.sentences import effect_words
from pipeline.presentation.spreadsheets import effect_json
from pipeline.records import Recipe
from pipeline.records.effects import ArmsCompared, CameTo, EffectChannel, EffectReport
from pipeline.records.sources import Source
from pipeline.services import clock
from pipeline.services.batch import contact_lines
from pipeline.services.batch.contact_lines import ContactLines
from pipeline.services.data import bookings, other_product
from pipeline.services.data.loading import Report, ingest
from pipeline.services.data.reading import read

_GROUPS = (Role.UNIT, Role.PLAN)
_MOST_WAYS = 5
_USUAL = EffectChannel.CALL  # what a list is for, where the file doesn't say


@dataclass(frozen=True)
class MeasuredEffect:
    """The effect in a file, which of its lines were matched, and the outcomes of the contacted arm, most first."""

    product: Product
    report: EffectReport
    contacts: ContactLines
    outcomes: tuple[tuple[str, int], ...]

    @property
    def lines(self) -> list[str]:
        """What is said of it, the verdict first."""
        own, contacts = self.report, self.contacts
        told = effect_words.matched(len(contacts.at), contacts.unmatched, contacts.without_arm, contacts.conflicting)
        return [
            *effect_words.lines(own, self.product),
            *filter(None, (effect_words.reached(self.outcomes, int(contacts.contacted.sum())),)),
            *told,
        ]


def effect_of_file(
    source: Source, contacts: Path, *, recipe: Recipe = NOTHING, progress: Report | None = None
) -> MeasuredEffect:
    """What contacting did, by the arms in `contacts` and the outcomes in `source`. PresencaError for a product without
    an agenda, a file of contacts without its columns, or one of which no line matches; what reading a file raises.
    """
    raw = read(source, sheet=recipe.sheet)
    declared = other_product.likeliest(raw)
    if not declared.has_agenda or not declared.has(Role.PATIENT):
        raise PresencaError("effect.not_asked", product=declared.title)
    rows = ingest(declared, raw, recipe=recipe, progress=progress).rows
    found = contact_lines.matched(read(contacts), rows, declared, last_year=clock.today().year)
    own = rows.iloc[found.at]
    listed = listed_of(own, declared, found)
    report = effect.report(
        listed,
        groups=_groups(own, declared),
        days=own[declared.time.key].to_numpy("datetime64[D]"),
        expected_ratio=float(np.exp(priors.prior(_USUAL, priors.HIGH_RISK).log_ratio)),
    )
    order_ = order.judged(_cases(own, declared, found))
    report = replace(report, order=order_, arms=_arms(listed_of(own, declared, found), found))
    told = Counter(text for text in found.outcome[found.contacted] if text)
    return MeasuredEffect(declared, report, found, tuple(told.most_common()))


def listed_of(rows: pd.DataFrame, declared: Product, found: ContactLines) -> Listed:
    """The appointments as `effect` takes them; what the file of contacts doesn't tell is left open."""
    return Listed(
        found.contacted,
        came_to(rows),
        _patients(rows, declared),
        _quarters(found.risk),
        found.share if np.isfinite(found.share).all() else None,
        found.value if np.isfinite(found.value).all() else None,
    )


def _cases(rows: pd.DataFrame, declared: Product, found: ContactLines) -> Cases:
    """The same as the order by gain is judged on; without risks there are none."""
    procedure, kind = (bookings.texts(rows, declared, role) for role in (Role.PROCEDURE, Role.TYPE))
    return Cases(
        found.contacted,
        came_to(rows),
        _patients(rows, declared),
        np.nan_to_num(found.risk),
        _quarters(found.risk),
        np.full(len(rows), str(_USUAL)),
        bookings.categories(procedure, kind),
    )


def _arms(listed: Listed, found: ContactLines) -> tuple[ArmsCompared, ...]:
    """The ways that the file names, of those drawn to be contacted, against the first of them; none where it names one
    way, or so many that they are no ways.
    """
    ways = np.where(found.contacted, found.way, "").astype(str)
    names = tuple(dict.fromkeys(ways[ways != ""].tolist()))
    if not 2 <= len(names) <= _MOST_WAYS:
        return ()
    place = np.array([names.index(way) if way else -1 for way in ways.tolist()], dtype=np.int64)
    own = place >= 0
    own_listed = replace(listed.of(own), share=None)  # the share is that of the control group
    return (ArmsCompared("told", names, effect.of_arms(own_listed, place[own], names)),)


def came_to(rows: pd.DataFrame) -> np.ndarray:
    """CameTo per row, by its state; a cancellation, late or not, is not judged here: the state doesn't tell its day."""
    state = rows["state"].astype("object")
    codes = {Outcome.EVENT.value: CameTo.EVENT, Outcome.NON_EVENT.value: CameTo.NON_EVENT}
    return state.map(lambda one: codes.get(one, CameTo.NOT_JUDGED)).to_numpy(np.int64)


def _patients(rows: pd.DataFrame, declared: Product) -> np.ndarray:
    """A number per patient; a row without one is a patient of its own."""
    patient = declared.by_role(Role.PATIENT)
    assert patient is not None
    codes = pd.factorize(rows[patient.key])[0].astype(np.int64)
    return np.where(codes < 0, codes.max(initial=0) + 1 + np.arange(len(codes)), codes)


def _quarters(risk: np.ndarray) -> np.ndarray:
    """1 to 4 by rank of risk; 0 for all where a risk is not told."""
    if not np.isfinite(risk).all() or not len(risk):
        return np.zeros(len(risk), np.int64)
    rank = np.argsort(np.argsort(risk, kind="stable"), kind="stable")
    return rank * 4 // len(risk) + 1


def _groups(rows: pd.DataFrame, declared: Product) -> dict[str, np.ndarray]:
    """The columns by which an effect is split, beside the quarters of risk: unit and health plan."""
    fields = [field for role in _GROUPS if (field := declared.by_role(role)) is not None]
    found = {field.key: rows[field.key].astype("object").fillna("").to_numpy(dtype=object) for field in fields}
    return {key: values.astype(str) for key, values in found.items() if (values != "").any()}


def write_effect(found: MeasuredEffect, path: Path) -> None:
    """The effect as JSON."""
    atomic.write(path, effect_json.effect_json(found.report, found.product, found.lines, counts(found)).encode())


def counts(found: MeasuredEffect) -> dict[str, int]:
    """How many lines of the file of contacts were used, and how many not, by why."""
    contacts = found.contacts
    return {
        "matched": len(contacts.at),
        "unmatched": contacts.unmatched,
        "without_arm": contacts.without_arm,
        "conflicting": contacts.conflicting,
    }
