"""Why one value of a dimension differs from all others: in themes that are said more or less there, and in words."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.contract import Product
from pipeline.insight.comments.place_expressions import expressions
from pipeline.insight.comments.places import RATE, Split, Spoken, compared, split
from pipeline.insight.comments.themes import effects
from pipeline.records import Interval, PlaceWhy, ThemeGap
from pipeline.statistics import mean_interval, newcombe, wilson

SIDES = ("negative", "positive")
MOST_GAPS = 10


def why_place(table: pd.DataFrame, spoken: Spoken, product: Product, column: str, value: str) -> PlaceWhy | None:
    """Themes and words of a value against those of all others; None where too few comments are its own, or the others'.

    KeyError for a column that the list has not.
    """
    assert product.comment is not None
    found = split(table, spoken, product, column)
    if value not in found.names:
        return None
    place = found.names.index(value)
    told = np.flatnonzero(found.commented & (found.code >= 0))
    here = found.code[told] == place
    if here.all():
        return None
    stars = found.stars[told]
    texts = table[product.comment.key].iloc[told].tolist()
    return PlaceWhy(
        column=column,
        value=value,
        comments=int(here.sum()),
        elsewhere=int((~here).sum()),
        stars=_mean(stars[here]),
        stars_elsewhere=_mean(stars[~here]),
        gaps=_gaps(found, spoken, place),
        expressions=expressions(texts, here, stars),
        tests=compared(found).tests,
        rate=RATE,
    )


def _mean(stars: np.ndarray) -> Interval | None:
    return mean_interval(stars[~np.isnan(stars)])


def _gaps(found: Split, spoken: Spoken, place: int) -> tuple[ThemeGap, ...]:
    """The themes said more or less than elsewhere, complaints and praise apart, the clear ones first."""
    clear = compared(found).sides[place]
    n = found.counts(found.commented)
    rated = found.commented & ~np.isnan(found.stars)
    worth = effects(found.sides[rated], found.stars[rated])
    gaps = []
    for at, (side, theme) in enumerate((side, theme) for side in SIDES for theme in spoken.themes):
        said = found.counts(found.sides[:, at])
        here, elsewhere = (
            wilson(int(said[place]), int(n[place])),
            wilson(int(said.sum() - said[place]), int(n.sum() - n[place])),
        )
        if here is None or elsewhere is None or not said.any():
            continue
        gaps.append(
            ThemeGap(
                theme.key,
                theme.label,
                side,
                here,
                int(said[place]),
                elsewhere,
                int(said.sum() - said[place]),
                newcombe(here, elsewhere),
                bool(clear[at]),
                worth[at],
            )
        )
    gaps.sort(key=lambda gap: (not gap.clear, -abs(gap.gap.value)))
    return tuple(gaps[:MOST_GAPS])
