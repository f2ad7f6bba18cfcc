"""What patients wrote, each comment with what the model reads in it:
who to answer, what contradicts itself, what to find.

The list is a frame that can rest in Parquet: the typed rows, latest first, with `risk`, `reference`, `tier`,
`reason_1` to `reason_3` with their `_points` and `_factor`, `observation`, `star_1` to `star_5`, `expected`, `group`
(by rating, else by the model where it is sure), `unsure` (packed note: why an unrated comment has none), `divergence`,
`confidence`, `marks`, `alerts` (see `severity.packed`), and what explanations are made of, as in `call_list`. Rows that
may have taught the model carry what a model said that had not seen them, or nothing (see `unseen`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.contract import DETRACTOR_MAX, UF_PART, FieldKind, Product, Role, Theme, part
from pipeline.folding import fold
from pipeline.insight.calls.call_list import FEATURE, POINTS
from pipeline.insight.comments import certainty, nps_groups, severity, theme_reading
from pipeline.insight.comments.mismatch import divergences, notes
from pipeline.insight.comments.themes import codes
from pipeline.insight.groups.counts import NO_DATE, days
from pipeline.insight.scoring import eligibility, score
from pipeline.insight.scoring.row_explanation import explanation_of
from pipeline.insight.scoring.score import Scored
from pipeline.modeling.model import TrainedModel
from pipeline.modeling.text.sense import Encoder
from pipeline.modeling.text.text_model import Reader
from pipeline.modeling.text.word_points import unpacked
from pipeline.records import (
    CommentItem,
    CommentSummary,
    Contribution,
    Interval,
    Note,
    Reading,
    ThemeSaid,
    unpack,
)
from pipeline.statistics import mean_interval, wilson

_STAR = "star_"


@dataclass(frozen=True)
class CommentFilters:
    """Which events are looked at; all of it must hold. `last_days`: up to the last day of the list, None for all;
    events without a day are of no period, and counted apart (`CommentSummary.undated`)."""

    last_days: int | None = None
    values: tuple[tuple[str, str], ...] = ()  # column, value
    words: str = ""


def heard_list(
    scored: Scored,
    rows: pd.DataFrame,
    product: Product,
    *,
    reader: Reader | None = None,
) -> pd.DataFrame:
    """The list (see the module) of rows as `honest` answered them.

    `reader` tells how sure it is of each comment (without one, the probabilities alone do). A comment that speaks of
    what may not wait is never called praise where it has no rating.
    """
    table = pd.concat(
        [
            rows.reset_index(drop=True),
            _read_in(scored, rows, product, reader),
            scored.points.add_prefix(POINTS).reset_index(drop=True),
            scored.features.add_prefix(FEATURE).reset_index(drop=True),
        ],
        axis=1,
    )
    return table.sort_values(
        [product.time.key, "risk"], ascending=[False, False], kind="stable", na_position="last"
    ).reset_index(drop=True)


def _read_in(scored: Scored, rows: pd.DataFrame, product: Product, reader: Reader | None) -> pd.DataFrame:
    """The list's own columns, in the order of `rows`: what the model and the alerts say of each."""
    alerts = severity.of_rows(rows, product)
    said = score.reasons(scored, rows, product)
    stars = scored.stars if scored.stars is not None else np.full((len(rows), 5), np.nan)
    rated = rows[product.target.key].to_numpy(dtype=np.float64)
    apart = divergences(rated, np.nan_to_num(stars), _commented(rows, product))
    given = nps_groups.groups_of(rated)
    alarmed = np.array([bool(found) for found in alerts], dtype=bool)
    told, unsure = certainty.of_rows(rows, product, stars, reader, alarmed)
    unrated = np.isnan(rated)
    return pd.DataFrame(
        {
            "risk": scored.risk,
            "reference": scored.reference,
            "tier": pd.Series(scored.tier, dtype="str"),
            **{f"reason_{n}": pd.Series(of.notes, dtype="str") for n, of in enumerate(said, start=1)},
            **{f"reason_{n}_points": of.points for n, of in enumerate(said, start=1)},
            **{f"reason_{n}_factor": pd.Series(of.factors, dtype="str") for n, of in enumerate(said, start=1)},
            "observation": pd.Series(scored.observation, dtype="str"),
            **{f"{_STAR}{n + 1}": stars[:, n] for n in range(5)},
            "expected": nps_groups.expected(stars),
            "group": pd.Series(np.where(unrated, told, given), dtype="str"),
            "unsure": pd.Series(certainty.notes(np.where(unrated, unsure, "")), dtype="str"),
            "divergence": pd.Series(notes(rated, apart), dtype="str"),
            "confidence": np.where(apart.certain, apart.confidence, 0.0),
            "marks": pd.Series(scored.marks, dtype="str"),
            "alerts": pd.Series([severity.packed(found) for found in alerts], dtype="str"),
        }
    )


def _commented(rows: pd.DataFrame, product: Product) -> np.ndarray:
    comment = product.comment
    return np.zeros(len(rows), dtype=bool) if comment is None else rows[comment.key].notna().to_numpy()


def select(table: pd.DataFrame, filters: CommentFilters, product: Product) -> pd.DataFrame:
    """The events that pass the filters, in the list's order."""
    keep = np.ones(len(table), dtype=bool)
    if filters.last_days is not None:
        day = days(table[product.time.key])
        last = int(day.max(initial=NO_DATE))
        keep &= day > max(last - filters.last_days, NO_DATE)
    for column, value in filters.values:
        keep &= (table[column] == value).to_numpy()
    if filters.words.strip() and product.comment is not None:
        wanted = fold(filters.words).split()
        texts = [fold(text) if isinstance(text, str) else "" for text in table[product.comment.key]]
        keep &= np.array([all(word in text for word in wanted) for text in texts], dtype=bool)
    return table.loc[keep]


def to_answer(table: pd.DataFrame, product: Product) -> pd.DataFrame:
    """Who should hear from the clinic: detractors by their rating, and by what they wrote where they gave none."""
    return table.loc[(table["group"] == nps_groups.DETRACTOR).to_numpy()]


def alarming(table: pd.DataFrame, product: Product) -> pd.DataFrame:
    """Events with an alert, whatever their stars: the gravest first, of the same gravity the latest."""
    found = table.loc[(table["alerts"].fillna("") != "").to_numpy()]
    order = [alert.key for alert in product.alerts]
    gravity = np.array([order.index(severity.unpacked(text)[0].key) for text in found["alerts"]], dtype=np.int64)
    return found.iloc[np.argsort(gravity, kind="stable")]


def contradictions(table: pd.DataFrame) -> pd.DataFrame:
    """Events whose rating and text contradict each other, the surest first."""
    return table.loc[table["confidence"] > 0].sort_values("confidence", ascending=False, kind="stable")


def summary(table: pd.DataFrame, product: Product) -> CommentSummary:
    """Key figures of the events: comments, mean stars, promoters less detractors, who is to be answered."""
    undated = int(table[product.time.key].isna().sum())
    rated = table[product.target.key].to_numpy(dtype=np.float64)
    groups = nps_groups.groups_of(rated)
    known = rated[~np.isnan(rated)]
    detractors = (table["group"] == nps_groups.DETRACTOR).to_numpy()
    dated = table[product.time.key].dropna()
    return CommentSummary(
        events=len(table),
        comments=int(_commented(table, product).sum()),
        rated=len(known),
        stars=mean_interval(known),
        balance=balance(rated),
        detractors=wilson(int((known <= DETRACTOR_MAX).sum()), len(known)),
        to_answer=int(detractors.sum()),
        by_text=int((detractors & (groups == None)).sum()),  # noqa: E711 - elementwise
        contradictions=int((table["confidence"] > 0).sum()),
        first_date=_date(dated.min()) if len(dated) else None,
        last_date=_date(dated.max()) if len(dated) else None,
        undated=undated,
        alarming=int((table["alerts"].fillna("") != "").sum()),
    )


def balance(rated: np.ndarray) -> Interval | None:
    """Promoters less detractors, as shares of the rated (−1 to 1), with a normal 95 % interval."""
    known = rated[~np.isnan(rated)]
    return mean_interval(np.select([known <= DETRACTOR_MAX, known > DETRACTOR_MAX + 1], [-1.0, 1.0], 0.0))


def items(
    table: pd.DataFrame, product: Product, themes: tuple[Theme, ...] | None = None, reader: Reader | None = None
) -> tuple[CommentItem, ...]:
    """Lines of the list as records for the screen; `themes`: those that are looked for, the product's where None."""
    told = spoken_themes(certainty.texts(table, product), product.themes if themes is None else themes, product, reader)
    return tuple(_item(line, product, of) for line, of in zip(table.to_dict("records"), told, strict=True))


def spoken_themes(
    texts: Sequence[str], themes: tuple[Theme, ...], product: Product, reader: Reader | None
) -> list[tuple[ThemeSaid, ...]]:
    """For each comment the main themes that it speaks of and how, blame first."""
    labels = {theme.spoken_code: theme for theme in themes if not theme.parent}
    said = codes(theme_reading.read(texts, themes, product.opinions, reader))
    return [
        tuple(ThemeSaid(labels[code].key, labels[code].label, how) for code, how in one if code in labels)
        for one in said
    ]


def spoken_codes(
    table: pd.DataFrame, themes: tuple[Theme, ...], product: Product, reader: Reader | None
) -> list[tuple[tuple[str, str], ...]]:
    """For each event the codes of what it speaks of and how, as downloads carry them."""
    return codes(theme_reading.read(certainty.texts(table, product), themes, product.opinions, reader))


def gravity(table: pd.DataFrame, product: Product) -> list[str]:
    """For each event the code of its gravest alert, "" for none."""
    return [severity.code(severity.unpacked(text), product.alerts) for text in table["alerts"].fillna("")]


def _item(line: dict[str, object], product: Product, themes: tuple[ThemeSaid, ...]) -> CommentItem:
    def text(key: str) -> str:
        value = line.get(key)
        return value if isinstance(value, str) else ""

    def number(key: str) -> float | None:
        value = line.get(key)
        return None if value is None or pd.isna(value) else float(value)  # type: ignore[arg-type]

    def told(key: str) -> Note | None:
        return unpack(text(key)) if text(key) else None

    day, stars = line[product.time.key], number(product.target.key)
    return CommentItem(
        row=int(line["row"]),  # type: ignore[call-overload]
        day=None if pd.isna(day) else _date(day),  # type: ignore[arg-type]
        comment=text(product.comment.key) if product.comment else "",
        stars=stars,
        expected=number("expected"),
        group=text("group"),
        risk=number("risk") if stars is None else None,
        tier=text("tier") if stars is None else "",
        marks=unpacked(text("marks")),
        reasons=tuple(
            Contribution(text(f"reason_{n}_factor"), unpack(text(f"reason_{n}")), float(line[f"reason_{n}_points"]))  # type: ignore[arg-type]
            for n in (1, 2, 3)
            if text(f"reason_{n}")
        ),
        divergence=told("divergence"),
        details=tuple(filter(None, (text(column) for column in detail_columns(product)))),
        observation=told("observation"),
        alerts=severity.unpacked(text("alerts")),
        unsure=told("unsure"),
        themes=themes,
    )


def one_row(comment: str, circumstances: Mapping[str, str], product: Product, model: TrainedModel) -> pd.DataFrame:
    """A typed row of a comment alone, on the day after the model's last, with what is known of its circumstances."""
    assert product.comment is not None
    columns: dict[str, object] = {
        "row": [1],
        "age": np.array([np.nan], "float32"),
        "state": ["unknown"],
        "outcome": np.array([np.nan], "float32"),
    }
    for field in product.fields:
        if field.kind is FieldKind.DATE:
            day = eligibility.day_after(model.card.trained_until) if field is product.time else None
            columns[field.key] = pd.Series([pd.Timestamp(day) if day else pd.NaT], dtype="datetime64[us]")
            columns[field.hour_column] = np.array([np.nan], "float32")
        elif field.kind is FieldKind.RATING:
            columns[field.key] = np.array([np.nan], "float32")
        elif field.kind is FieldKind.FREE_TEXT:
            columns[field.key] = [comment]
        else:
            columns[field.key] = _category(circumstances.get(field.key))
        if field.role is Role.POSTCODE:
            columns[part(field.key, UF_PART)] = _category(circumstances.get(part(field.key, UF_PART)))
    return pd.DataFrame(columns)


def _category(value: str | None) -> pd.Categorical:
    return pd.Categorical([value], categories=pd.Index([value] if value else [], dtype="str"))


def reading(
    row: pd.DataFrame, product: Product, model: TrainedModel, encoder: Encoder | None, *, scrubbed: bool
) -> Reading:
    """What the model reads in a typed row with a comment (see `one_row`), and what in it may not wait."""
    assert product.comment is not None
    alerts = severity.of_rows(row, product)[0]
    found = score.score(row, product, model, encoder=encoder, threads=1)
    stars = found.stars if found.stars is not None else np.full((1, 5), np.nan)
    comment = str(row[product.comment.key].iloc[0])
    group, why = certainty.of_rows(row, product, stars, model.reader, np.array([bool(alerts)], dtype=bool))
    marks = unpacked(str(found.marks[0]))
    told = explanation_of(
        found.points.iloc[0],
        float(np.asarray(found.reference)),
        float(found.risk[0]),
        row,
        found.features,
        product,
        marks,
    )
    return Reading(
        comment=comment,
        probabilities=tuple(float(p) for p in stars[0]),
        expected=float(nps_groups.expected(stars)[0]),
        group=str(group[0] or ""),
        explanation=told,
        marks=marks,
        scrubbed=scrubbed,
        unsure=Note(why[0]) if why[0] else None,
        alerts=alerts,
    )


def detail_columns(product: Product) -> tuple[str, ...]:
    """What tells one care event from another at a glance: its level, its mode, the UF of the client; where it was, if
    the file says so (a list of a file that does not lacks these columns).
    """
    named = [f.key for role in (Role.LEVEL, Role.MODE) if (f := product.by_role(role)) is not None]
    post = product.by_role(Role.POSTCODE)
    extra = [f.key for f in product.extras if f.kind is FieldKind.OPEN]
    return (*named, *([part(post.key, UF_PART)] if post is not None else ()), *extra)


def _date(day: object) -> dt.date:
    return pd.Timestamp(day).date()  # type: ignore[arg-type]
