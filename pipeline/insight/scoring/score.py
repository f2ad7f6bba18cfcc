"""Rows and a model to risks: what each row's risk is, in which tier, and why; or why it has none.

Every row of the input is answered, in order. Where the product looks ahead, a row gets no risk when its date lies in
the period the model was trained on, when its status takes it out, or when it has no date; the observation says so.
Where it looks back, all rows are answered: a comment can be read whenever it was written.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pipeline.contract import FeatureKind, Product, Role
from pipeline.folding import fold_word
from pipeline.ingestion.dataset import RowsInParts, tell
from pipeline.insight.scoring.eligibility import day_after, gaps, refusals
from pipeline.insight.scoring.factor_cases import Cases, cases
from pipeline.insight.scoring.tiers import tiers_in, tiers_of
from pipeline.modeling.explanation import Explained, TextContribution, Whole, chain_answers, explain
from pipeline.modeling.features.build import build
from pipeline.modeling.features.prediction_time import default_as_of
from pipeline.modeling.features.surroundings import Surroundings
from pipeline.modeling.model import TrainedModel
from pipeline.modeling.ordinal import chained
from pipeline.modeling.text.comment_field import comments_of, text_factor
from pipeline.modeling.text.contributions import Said
from pipeline.modeling.text.sense import Encoder
from pipeline.modeling.text.word_importance import telling
from pipeline.modeling.text.word_points import WordPoints, packed, word_points
from pipeline.records import AgendaSummary, Note, note, unpack

SMALLEST_REASON = 0.005  # half a point of risk: less is no reason
_LONGEST_PHRASE = 80  # characters
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Scored:
    """The answer for n typed rows, in their order.

    `risk`: float64, NaN where not scored; `reference`: of the model, or of each row where models differ; `tier`:
    Tier.key or None; `points`: n × factors, NaN where not scored,
    each row summing to risk − reference; `features`: the model columns of the rows; `observation`: "" or a
    packed note: why there is no risk, or what was missing. `stars` (n × 5) where the target is a rating;
    `words` and `marks` (see modeling.marks) where comments are read.
    """

    as_of: dt.date
    row: np.ndarray
    risk: np.ndarray
    reference: float | np.ndarray
    tier: np.ndarray
    points: pd.DataFrame
    features: pd.DataFrame
    observation: np.ndarray
    summary: AgendaSummary
    stars: np.ndarray | None = None
    words: WordPoints | None = None
    agreed: bool = True  # see explanation.Explained

    @property
    def marks(self) -> np.ndarray:
        """The marked words of each row; "" where there are none."""
        return np.full(len(self.row), "", dtype=object) if self.words is None else packed(self.words, len(self.row))


@dataclass(frozen=True)
class Part:
    """What rows that are a part of a file are told of all of it: the day, the counts `around` them, and how many of all
    rows get a risk (`scorable`); where both are None, the rows are all there are. `trusted`: see explanation.Whole.
    """

    as_of: dt.date
    around: Surroundings | None = None
    scorable: int | None = None
    trusted: bool = True
    threads: int | None = None


def score(
    rows: pd.DataFrame,
    product: Product,
    model: TrainedModel,
    *,
    history: pd.DataFrame | None = None,
    as_of: dt.date | None = None,
    encoder: Encoder | None = None,
    threads: int | None = None,
) -> Scored:
    """Risks of `rows` as seen on `as_of` (default: see `prediction_time.default_as_of`).

    `history`: typed rows of the past; rows of the file with an outcome serve as history as well, each only where
    it was known at the other's moment. `encoder` reads the sense of comments, for a model that learnt one; without it
    their words alone answer. `threads` bounds LightGBM's threads.
    """
    if history is not None and not knows_patients(history, product):
        history = None  # rows of nobody are no history, and the observation says so
    as_of = as_of or default_as_of(rows, history, product, day_after(model.card.trained_until))
    return score_part(rows, product, model, Part(as_of, threads=threads), history=history, encoder=encoder)


def score_part(
    rows: pd.DataFrame,
    product: Product,
    model: TrainedModel,
    part: Part,
    *,
    history: pd.DataFrame | None = None,
    encoder: Encoder | None = None,
    only: np.ndarray | None = None,
) -> Scored:
    """As `score` of all the rows of which these are a part, with what its patients' history tells: the very same bits.
    `summary` counts the part. `only` (bool per row): those that are asked for; the others get no risk.
    """
    as_of = part.as_of
    refusal = refusals(rows, product, model)
    scorable = np.flatnonzero((refusal == "") & (True if only is None else only))
    features = build(
        rows, product, history=history, as_of=as_of, aggregates=model.aggregates, around=part.around
    ).columns
    said = heard(rows.iloc[scorable], product, model, encoder)
    contributions = () if said is None else said.contributions(product)
    found = _explained(features.iloc[scorable], model, contributions, part, rows["row"].to_numpy("int64")[scorable])
    risk = _placed(found.risk, scorable, len(rows))
    points = _placed(found.points.to_numpy(), scorable, len(rows))
    lacking = gaps(rows, product, features, model)
    return Scored(
        as_of=as_of,
        row=rows["row"].to_numpy(),
        risk=risk,
        reference=found.reference,
        tier=tiers_of(risk, tiers_in(product, model.card.tiers)),
        points=pd.DataFrame(points, columns=found.points.columns),
        features=features,
        observation=np.where(refusal == "", lacking, refusal),
        summary=AgendaSummary(as_of, len(rows), len(scorable), float(found.risk.sum()), _counted(refusal)),
        stars=_stars(model, features.iloc[scorable], found.risk, said, scorable, len(rows), part.threads),
        words=_words(model, said, found.rate, scorable),
        agreed=found.agreed,
    )


def _explained(
    features: pd.DataFrame,
    model: TrainedModel,
    contributions: Sequence[TextContribution],
    part: Part,
    numbers: np.ndarray,
) -> Explained:
    """Risks and points of the rows that get them; `numbers`: theirs in the file, of which they are a `part`."""
    of_all = len(numbers) if part.scorable is None else part.scorable
    return explain(
        model.boosters,
        features,
        model.factor_of,
        model.slope,
        model.intercept,
        heard=contributions,
        whole=Whole(of_all, numbers, part.trusted, part.threads),
    )


def _placed(values: np.ndarray, at: np.ndarray, rows: int) -> np.ndarray:
    """The values at their rows' places, NaN elsewhere."""
    found = np.full((rows, *values.shape[1:]), np.nan)
    found[at] = values
    return found


def heard(rows: pd.DataFrame, product: Product, model: TrainedModel, encoder: Encoder | None) -> Said | None:
    """What the comments of rows say to a model; None where it reads none."""
    comments = comments_of(rows, product)
    if model.reader is None or comments is None:
        return None
    texts = comments.tolist()
    vectors = model.reader.vectors(texts, encoder)
    return Said(model.reader, texts, model.reader.log_odds(texts, vectors), vectors)


def _stars(
    model: TrainedModel,
    table: pd.DataFrame,
    risk: np.ndarray,
    said: Said | None,
    scorable: np.ndarray,
    rows: int,
    threads: int | None,
) -> np.ndarray | None:
    if not model.chain:
        return None
    found = np.full((rows, 5), np.nan)
    found[scorable] = chained(
        np.column_stack([risk, chain_answers(model, table, None if said is None else said.log_odds, threads)])
    )
    return found


def _words(model: TrainedModel, said: Said | None, rate: np.ndarray, scorable: np.ndarray) -> WordPoints | None:
    if said is None:
        return None
    found = word_points(said, model.slope * rate)
    return replace(found, row=scorable[found.row])


def knows_patients(history: pd.DataFrame | RowsInParts, product: Product) -> bool:
    """Whether the rows say whose they are; true where a product asks for no patient."""
    field = product.by_role(Role.PATIENT)
    return field is None or tell(history, field.key)


@dataclass(frozen=True)
class Reasons:
    """The reasons of one rank, as three arrays of n: what is said (packed notes), its points of risk, its factor."""

    notes: np.ndarray
    points: np.ndarray
    factors: np.ndarray


def reasons(scored: Scored, rows: pd.DataFrame, product: Product, top: int = 3) -> list[Reasons]:
    """The strongest `top` reasons of each row ("" where there is none).

    A reason pulls in the direction in which the risk departs from the reference, with at least half a point;
    protected factors are never one.
    """
    found = [
        Reasons(np.full(len(rows), "", dtype=object), np.full(len(rows), np.nan), np.full(len(rows), "", dtype=object))
        for _ in range(top)
    ]
    for said in _strongest(scored, rows, product, top):
        notes = said.told.each()
        for number in range(top):
            of = said.slot == number
            found[number].notes[said.rows[of]] = notes[of]
            found[number].points[said.rows[of]] = said.points[of]
            found[number].factors[said.rows[of]] = said.factor
    return found


@dataclass(frozen=True)
class _Said:
    """What one factor says of the rows where it is among the strongest: m places, their ranks, cases and points."""

    factor: str
    rows: np.ndarray
    slot: np.ndarray
    told: Cases
    points: np.ndarray


def _strongest(scored: Scored, rows: pd.DataFrame, product: Product, top: int) -> Iterator[_Said]:
    specs = [
        spec
        for spec in product.features
        if not spec.protected
        and spec.key in scored.points.columns
        and (spec.kind is not FeatureKind.TEXT or scored.words is None)
    ]
    direction = np.where(scored.risk >= scored.reference, 1.0, -1.0)
    said = _WordReasons.of(scored, rows, product, direction, top)
    points = np.column_stack([scored.points[[spec.key for spec in specs]].to_numpy(), said.points])
    pull = np.nan_to_num(points * direction[:, None], nan=0.0)
    pull[pull < SMALLEST_REASON] = 0.0
    order = np.argsort(-pull, axis=1, kind="stable")[:, :top]
    strength = np.take_along_axis(pull, order, axis=1)
    of_factor = {spec.key: scored.features.filter(regex=rf"\A{re.escape(spec.key)}(__|\Z)") for spec in specs}
    for place in range(points.shape[1]):
        chosen, slot = np.nonzero((order == place) & (strength > 0))
        if len(chosen) and place < len(specs):
            told = cases(specs[place], product, rows.iloc[chosen], of_factor[specs[place].key].iloc[chosen])
            yield _Said(specs[place].key, chosen, slot, told, points[chosen, place])
        elif len(chosen):
            yield _Said("", chosen, slot, said.told(place - len(specs), chosen), points[chosen, place])


@dataclass(frozen=True)
class _WordReasons:
    """The phrases of each row that pull hardest, as candidates for reasons: `points` (n × slots) and what they are.

    `words`: as written, on one line; "" in the last slot stands for the lack of a comment.
    """

    points: np.ndarray
    words: np.ndarray

    @staticmethod
    def of(scored: Scored, rows: pd.DataFrame, product: Product, direction: np.ndarray, top: int) -> _WordReasons:
        """Slots of the `top` strongest phrases, and one of what the lack of a comment gave."""
        factor, words = text_factor(product), scored.words
        comments = comments_of(rows, product)
        if words is None or factor is None or comments is None:
            return _WordReasons(np.zeros((len(rows), 0)), np.zeros((len(rows), 0), dtype=object))
        points, found = np.zeros((len(rows), top + 1)), np.full((len(rows), top + 1), "", dtype=object)
        pull = words.points * direction[words.row]
        order = np.lexsort((-pull, words.row))
        order = order[pull[order] > 0]
        said = [phrase(comments[words.row[i]][words.start[i] : words.end[i]]) for i in order.tolist()]
        tells = np.array([any(telling(fold_word(word)) for word in _WORD.findall(text)) for text in said], dtype=bool)
        order, said = order[tells], [text for text, tell in zip(said, tells.tolist(), strict=True) if tell]
        row = words.row[order]
        first = np.searchsorted(row, row)
        rank = np.arange(len(row)) - first
        for number in np.flatnonzero(rank < top).tolist():
            place, slot = row[number], rank[number]
            points[place, slot] = words.points[order[number]]
            found[place, slot] = said[number]
        silent = comments == ""
        points[silent, top] = scored.points[factor].to_numpy()[silent]
        return _WordReasons(points, found)

    def told(self, slot: int, chosen: np.ndarray) -> Cases:
        codes, words = pd.factorize(self.words[chosen, slot])
        return Cases(codes, tuple(note("factor.word", word=str(w)) if w else note("factor.no_comment") for w in words))


def phrase(text: str) -> str:
    """Words of a comment as they are named: on one line, cut where one is endless."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_PHRASE else f"{line[: _LONGEST_PHRASE - 1]}…"


def _counted(refusal: np.ndarray) -> tuple[tuple[Note, int], ...]:
    """Distinct refusals with their counts, most frequent first."""
    texts, counts = np.unique(refusal[refusal != ""].astype(str), return_counts=True)
    return tuple((unpack(str(texts[i])), int(counts[i])) for i in np.argsort(-counts, kind="stable"))
