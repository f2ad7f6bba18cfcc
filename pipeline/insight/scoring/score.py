"""Rows and a model to risks: what each row's risk is, in which tier, and why; or why it has none.

Every row of the input is answered, in order. Where the product looks ahead, a row gets no risk when its date lies in
the period the model was trained on, when its status takes it out, or when it has no date; the observation says so.
Where it looks back, all rows are answered: a comment can be read whenever it was written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pipeline.contract import FeatureKind, Outcome, Product, Role
from pipeline.folding import fold_word
from pipeline.insight.groups.counts import NO_DATE, days
from pipeline.insight.scoring.factor_phrases import Phrases, phrases
from pipeline.modeling.explanation import chain_answers, explain
from pipeline.modeling.features.build import build
from pipeline.modeling.features.prediction_time import default_as_of
from pipeline.modeling.model import TrainedModel
from pipeline.modeling.ordinal import chained
from pipeline.modeling.text.comment_field import comments_of, text_factor
from pipeline.modeling.text.word_importance import telling
from pipeline.modeling.text.word_points import Heard, WordPoints, packed, word_points
from pipeline.packing import distinct
from pipeline.records import AgendaSummary, Tier

SMALLEST_REASON = 0.005  # half a point of risk: less is no reason
TAUGHT = " Do período em que o modelo aprendeu: se ele viu esta linha, o risco não é uma previsão."
_EPOCH = dt.date(1970, 1, 1)


@dataclass(frozen=True)
class Scored:
    """The answer for n typed rows, in their order.

    `risk`: float64, NaN where not scored; `reference`: of the model, or of each row where models differ; `tier`:
    Tier.key or None; `points`: n × factors, NaN where not scored,
    each row summing to risk − reference; `features`: the model columns of the rows; `observation`: "" or a
    Portuguese sentence: why there is no risk, or what was missing. `stars` (n × 5) where the target is a rating;
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

    @property
    def marks(self) -> np.ndarray:
        """The marked words of each row; "" where there are none."""
        return np.full(len(self.row), "", dtype=object) if self.words is None else packed(self.words, len(self.row))


def score(
    rows: pd.DataFrame,
    product: Product,
    model: TrainedModel,
    *,
    history: pd.DataFrame | None = None,
    as_of: dt.date | None = None,
    threads: int | None = None,
) -> Scored:
    """Risks of `rows` as seen on `as_of` (default: see `moment.default_as_of`).

    `history`: typed rows of the past; rows of the file with an outcome serve as history as well, each only where
    it was known at the other's moment. `threads` bounds LightGBM's threads.
    """
    if history is not None and not knows_patients(history, product):
        history = None  # rows of nobody are no history, and the observation says so
    as_of = as_of or default_as_of(rows, history, product, model.card.trained_until + dt.timedelta(days=1))
    refusal = refusals(rows, product, model)
    scorable = np.flatnonzero(refusal == "")
    features = build(rows, product, history=history, as_of=as_of, aggregates=model.aggregates).columns
    comments = _comments(rows, product, model, scorable)
    said = model.reader.log_odds(comments) if model.reader is not None else None
    found = explain(
        model.boosters,
        features.iloc[scorable],
        model.factor_of,
        model.slope,
        model.intercept,
        heard=_heard(model, product, said),
        threads=threads,
    )
    risk = np.full(len(rows), np.nan)
    risk[scorable] = found.risk
    points = np.full((len(rows), found.points.shape[1]), np.nan)
    points[scorable] = found.points.to_numpy()
    gaps = _gaps(rows, product, features, model)
    return Scored(
        as_of=as_of,
        row=rows["row"].to_numpy(),
        risk=risk,
        reference=found.reference,
        tier=tiers_of(risk, model.card.tiers),
        points=pd.DataFrame(points, columns=found.points.columns),
        features=features,
        observation=np.where(refusal == "", gaps, refusal),
        summary=AgendaSummary(as_of, len(rows), len(scorable), float(found.risk.sum()), _counted(refusal)),
        stars=_stars(model, features.iloc[scorable], found.risk, said, scorable, len(rows), threads),
        words=_words(model, comments, found.rate, scorable),
    )


def _comments(rows: pd.DataFrame, product: Product, model: TrainedModel, scorable: np.ndarray) -> list[str]:
    found = comments_of(rows, product) if model.reader is not None else None
    return [] if found is None else found[scorable].tolist()


def _heard(model: TrainedModel, product: Product, said: np.ndarray | None) -> Heard | None:
    factor = text_factor(product)
    if model.reader is None or said is None or factor is None:
        return None
    return Heard(factor, said[:, 0], model.reader.answers[0].offset)


def _stars(
    model: TrainedModel,
    table: pd.DataFrame,
    risk: np.ndarray,
    said: np.ndarray | None,
    scorable: np.ndarray,
    rows: int,
    threads: int | None,
) -> np.ndarray | None:
    if not model.chain:
        return None
    found = np.full((rows, 5), np.nan)
    found[scorable] = chained(np.column_stack([risk, chain_answers(model, table, said, threads)]))
    return found


def _words(model: TrainedModel, comments: list[str], rate: np.ndarray, scorable: np.ndarray) -> WordPoints | None:
    if model.reader is None:
        return None
    found = word_points(model.reader, comments, model.slope * rate)
    return replace(found, row=scorable[found.row])


def knows_patients(history: pd.DataFrame, product: Product) -> bool:
    """Whether the rows say whose they are; true where a product asks for no patient."""
    field = product.by_role(Role.PATIENT)
    return field is None or bool(history[field.key].notna().any())


def tiers_of(risk: np.ndarray, tiers: tuple[Tier, ...]) -> np.ndarray:
    """Tier.key of each risk (object array, None where the risk is NaN)."""
    keys = np.array([*(tier.key for tier in tiers), None], dtype=object)
    place = np.searchsorted([tier.low for tier in tiers], risk, side="right") - 1
    return keys[np.where(np.isnan(risk), len(tiers), place.clip(min=0))]


def reasons(scored: Scored, rows: pd.DataFrame, product: Product, top: int = 3) -> list[np.ndarray]:
    """The strongest `top` reasons of each row with their points, as arrays of text ("" where there is none).

    A reason pulls in the direction in which the risk departs from the reference, with at least half a point;
    protected factors are never one.
    """
    found = [np.full(len(rows), "", dtype=object) for _ in range(top)]
    for said in _strongest(scored, rows, product, top):
        texts = _with_points(said.phrased, said.points)
        for number in range(top):
            found[number][said.rows[said.slot == number]] = texts[said.slot == number]
    return found


@dataclass(frozen=True)
class Reasons:
    """The reasons of one rank, as three arrays of n: what is said, its points of risk, the factor it comes from."""

    texts: np.ndarray
    points: np.ndarray
    factors: np.ndarray


def reasons_apart(scored: Scored, rows: pd.DataFrame, product: Product, top: int = 3) -> list[Reasons]:
    """The same reasons with what is said and its points apart, so that neither can be cut with the other."""
    found = [
        Reasons(np.full(len(rows), "", dtype=object), np.full(len(rows), np.nan), np.full(len(rows), "", dtype=object))
        for _ in range(top)
    ]
    for said in _strongest(scored, rows, product, top):
        texts = said.phrased.each()
        for number in range(top):
            of = said.slot == number
            found[number].texts[said.rows[of]] = texts[of]
            found[number].points[said.rows[of]] = said.points[of]
            found[number].factors[said.rows[of]] = said.factor
    return found


@dataclass(frozen=True)
class _Said:
    """What one factor says of the rows where it is among the strongest: m places, their ranks, phrases and points."""

    factor: str
    rows: np.ndarray
    slot: np.ndarray
    phrased: Phrases
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
    for place in range(points.shape[1]):
        chosen, slot = np.nonzero((order == place) & (strength > 0))
        if len(chosen) and place < len(specs):
            phrased = phrases(specs[place], product, rows.iloc[chosen], scored.features.iloc[chosen])
            yield _Said(specs[place].key, chosen, slot, phrased, points[chosen, place])
        elif len(chosen):
            yield _Said("", chosen, slot, said.phrased(place - len(specs), chosen), points[chosen, place])


@dataclass(frozen=True)
class _WordReasons:
    """The words of each row that pull hardest, as candidates for reasons: `points` (n × slots) and their texts."""

    points: np.ndarray
    texts: np.ndarray

    @staticmethod
    def of(scored: Scored, rows: pd.DataFrame, product: Product, direction: np.ndarray, top: int) -> _WordReasons:
        """Slots of the `top` strongest words, and one of what the lack of a comment gave."""
        factor, words = text_factor(product), scored.words
        comments = comments_of(rows, product)
        if words is None or factor is None or comments is None:
            return _WordReasons(np.zeros((len(rows), 0)), np.zeros((len(rows), 0), dtype=object))
        points, texts = np.zeros((len(rows), top + 1)), np.full((len(rows), top + 1), "", dtype=object)
        pull = words.points * direction[words.row]
        order = np.lexsort((-pull, words.row))
        order = order[pull[order] > 0]
        order = order[
            np.array(
                [telling(fold_word(comments[words.row[i]][words.start[i] : words.end[i]])) for i in order.tolist()],
                dtype=bool,
            )
        ]
        row = words.row[order]
        first = np.searchsorted(row, row)
        rank = np.arange(len(row)) - first
        for at, slot in zip(order[rank < top].tolist(), rank[rank < top].tolist(), strict=True):
            place = words.row[at]
            points[place, slot] = words.points[at]
            texts[place, slot] = f"“{comments[place][words.start[at] : words.end[at]]}”"
        silent = comments == ""
        points[silent, top] = scored.points[factor].to_numpy()[silent]
        texts[silent, top] = "Sem comentário"
        return _WordReasons(points, texts)

    def phrased(self, slot: int, chosen: np.ndarray) -> Phrases:
        codes, texts = pd.factorize(self.texts[chosen, slot])
        return Phrases(codes, tuple(str(text) for text in texts))


def points_text(points: float) -> str:
    """ "+9 pontos", "−4 pontos", "+1 ponto": percentage points of risk, rounded half away from zero."""
    whole = int(abs(points) * 100 + 0.5)
    return f"{'−' if points < 0 else '+'}{whole} {'ponto' if whole == 1 else 'pontos'}"


def _with_points(said: Phrases, points: np.ndarray) -> np.ndarray:
    """ "Antecedência de 42 dias: +9 pontos" for each row; each distinct text is made once."""
    whole = (np.sign(points) * np.floor(np.abs(points) * 100 + 0.5)).astype(np.int64)
    pairs, codes = distinct(said.codes.astype(np.int64), whole)
    texts = [f"{said.texts[code]}: {points_text(shown / 100)}" for code, shown in pairs]
    return np.array(texts, dtype=object)[codes]


def refusals(rows: pd.DataFrame, product: Product, model: TrainedModel) -> np.ndarray:
    """Why a row gets no risk, "" where it gets one (object array)."""
    refusal = np.full(len(rows), "", dtype=object)
    if product.has_agenda:
        day, until = days(rows[product.time.key]), model.card.trained_until
        refusal[day <= (until - _EPOCH).days] = (
            f"Data dentro do período de treino (até {until:%d/%m/%Y}): o modelo só estima datas posteriores."
        )
        refusal[day <= NO_DATE] = f"Sem {_lower(product.time.label)}: não há risco a calcular."
    status = rows[product.target.key].astype("object").fillna("").to_numpy()
    for place in np.flatnonzero((rows["state"] == Outcome.EXCLUDED.value).to_numpy()):
        refusal[place] = f"{product.target.label} “{status[place]}”: não há risco a calcular."
    return refusal


def _gaps(rows: pd.DataFrame, product: Product, features: pd.DataFrame, model: TrainedModel) -> np.ndarray:
    """What a risk had to do without, and values that the model never met; "" where nothing (object array)."""
    missing = _missing(rows, product, features)
    unseen = _unseen(product, features, model)
    flags = [flag for _, flag in missing + unseen] + [taught(rows, product, model)]
    codes = sum((flag.astype(np.int64) << i for i, flag in enumerate(flags)), np.zeros(len(rows), np.int64))
    distinct, places = np.unique(codes, return_inverse=True)

    def names(code: int, found: list[tuple[str, np.ndarray]], start: int) -> list[str]:
        return [name for i, (name, _) in enumerate(found, start) if code >> i & 1]

    texts = [
        _gap_text(names(code, missing, 0), names(code, unseen, len(missing)))
        + (TAUGHT if code >> len(flags) - 1 & 1 else "")
        for code in distinct.tolist()
    ]
    return np.array([text.strip() for text in texts], dtype=object)[places]


def taught(rows: pd.DataFrame, product: Product, model: TrainedModel) -> np.ndarray:
    """Rows with an outcome, of the period that the model learnt from: it may know them, and what it says is then no
    forecast.
    """
    if product.has_agenda:
        return np.zeros(len(rows), dtype=bool)
    day = days(rows[product.time.key])
    first, last = ((date - _EPOCH).days for date in (model.card.trained_from, model.card.trained_until))
    return (day >= first) & (day <= last) & rows["outcome"].notna().to_numpy()


def _missing(rows: pd.DataFrame, product: Product, features: pd.DataFrame) -> list[tuple[str, np.ndarray]]:
    """What the strongest factors need, with the rows that lack it."""
    found: list[tuple[str, np.ndarray]] = []
    for role in (Role.CONTACT, Role.PATIENT, Role.COMMENT):
        field = product.by_role(role)
        if field is not None:
            found.append((f"sem {_lower(field.label)}", rows[field.key].isna().to_numpy()))
    for spec in product.features:
        if spec.kind is FeatureKind.HISTORY and f"{spec.key}__outcomes" in features.columns:
            unknown = features[f"{spec.key}__outcomes"].isna().to_numpy()
            found.append(("sem histórico", unknown & ~found[-1][1] if found else unknown))
    return found


def _unseen(product: Product, features: pd.DataFrame, model: TrainedModel) -> list[tuple[str, np.ndarray]]:
    """Fields whose rates the model learnt, with the rows whose value it never met."""
    return [
        (_lower(spec.label), features[f"{spec.key}__seen"].to_numpy() == 0)
        for spec in product.features
        if spec.kind is FeatureKind.RATE
        and spec.key in model.aggregates.rates
        and model.aggregates.rates[spec.key].outcomes
    ]


def _gap_text(missing: list[str], unseen: list[str]) -> str:
    sentences = []
    if missing:
        joined = _joined(missing)
        sentences.append(f"{joined[0].upper()}{joined[1:]}: risco calculado com menos informação.")
    if unseen:
        sentences.append(f"Não aparece no treino do modelo: {_joined(unseen)}.")
    return " ".join(sentences)


def _joined(names: list[str]) -> str:
    return " e ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _counted(refusal: np.ndarray) -> tuple[tuple[str, int], ...]:
    """Distinct refusals with their counts, most frequent first."""
    texts, counts = np.unique(refusal[refusal != ""].astype(str), return_counts=True)
    return tuple((str(texts[i]), int(counts[i])) for i in np.argsort(-counts, kind="stable"))


def _lower(label: str) -> str:
    return label if label.isupper() else label[0].lower() + label[1:]
