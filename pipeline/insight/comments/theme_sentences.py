"""The comments behind a theme: each with the clauses that speak of it, and how."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np

from pipeline.contract import Theme
from pipeline.insight.comments import clauses, polarity, theme_reading
from pipeline.insight.comments.polarity import SILENT
from pipeline.insight.comments.theme_reading import SpokenComments, ThemeReading
from pipeline.insight.groups.counts import NO_DATE
from pipeline.records import ThemePreview, ThemeSentence, ThemeSentences

_EPOCH = dt.date(1970, 1, 1)
_PREVIEWED = 5


def sentences_of(
    spoken: SpokenComments, key: str, polarity_name: str = "", *, page: int = 1, size: int = 10
) -> ThemeSentences:
    """A page of the comments that speak of a theme, in their order; `polarity_name`: only so ("" for all).

    KeyError for a theme or a polarity that is not there.
    """
    place = spoken.reading.place(key)
    said = spoken.reading.said[:, place]
    wanted = said != SILENT if not polarity_name else said == _code(polarity_name)
    found = np.flatnonzero(wanted)
    start = (min(page, max(1, -(-len(found) // size))) - 1) * size
    shown = found[start : start + size].tolist()
    return ThemeSentences(tuple(_sentences(spoken, row, place) for row in shown), len(found))


def _code(name: str) -> int:
    code = next((code for code, known in polarity.NAMES.items() if known == name), None)
    if code is None:
        raise KeyError(name)
    return code


def _sentences(spoken: SpokenComments, row: int, place: int) -> tuple[ThemeSentence, ...]:
    stars, day = float(spoken.stars[row]), int(spoken.days[row])
    return tuple(
        ThemeSentence(
            row=int(spoken.rows[row]),
            comment=spoken.comments[row],
            start=clause.start,
            end=clause.end,
            polarity=polarity.NAMES[clause.polarity],
            stars=None if np.isnan(stars) else stars,
            day=None if day <= NO_DATE else _EPOCH + dt.timedelta(days=day),
        )
        for clause in spoken.reading.clauses[int(spoken.reading.text[row])]
        if place in clause.themes
    )


def preview(comments: Sequence[str], rows: np.ndarray, theme: Theme) -> ThemePreview:
    """What a theme's words would catch in n comments (`rows` of the file), with a few distinct sentences."""
    reading = theme_reading.read(comments, (theme,))
    found = np.flatnonzero(reading.said[:, 0] != SILENT)
    _, first = np.unique(reading.text[found], return_index=True)
    some = found[np.sort(first)[:_PREVIEWED]]
    sentences = [_first_of(reading, comments, rows, row) for row in some.tolist()]
    return ThemePreview(len(comments), len(found), tuple(sentences))


def _first_of(reading: ThemeReading, comments: Sequence[str], rows: np.ndarray, row: int) -> ThemeSentence:
    """The first words of a comment that a reading of one theme caught."""
    clause = reading.clauses[int(reading.text[row])][0]
    parts = clauses.parts(comments[row][clause.start : clause.end])
    first, last, _ = theme_reading.ThemeFinder(reading.themes).find([word for _, _, word in parts])[0]
    start, end = clause.start + parts[first][0], clause.start + parts[last - 1][1]
    return ThemeSentence(int(rows[row]), comments[row], start, end, polarity.NAMES[clause.polarity])
