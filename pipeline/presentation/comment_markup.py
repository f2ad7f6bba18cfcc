"""Comments with their words in colour, readable without it: an underline and a number say the same.

Everything of the comment is escaped; nothing of it becomes markup. Control characters and marks that turn the
direction of writing become blanks, so that the places of the marks hold.
"""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Sequence

from pipeline.presentation.locale import numbers
from pipeline.presentation.theme import Theme, fade
from pipeline.records import MarkedWord, ThemeSentence

MOST = 1_200  # characters shown; the rest is in the download
_STEPS = ((0.15, 0.30), (0.05, 0.20), (0.0, 0.11))  # from so many points on, the tint is so strong
_SHOWN_FROM = 0.02  # a word of less than two points is not marked: too many marks hide the ones that matter
_TURNS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def marked_html(text: str, marks: Sequence[MarkedWord], theme: Theme, *, most: int = MOST) -> str:
    """The comment as one safe `<div>`; marks outside it, overlapping ones and those of under a point are left out."""
    shown = text if len(text) <= most else text[: max(text.rfind(" ", 0, most), most // 2)]
    parts, place = [], 0
    for mark in _chosen(marks, len(shown)):
        parts.append(_plain(shown[place : mark.start]))
        parts.append(_word(shown[mark.start : mark.end], mark.points, theme))
        place = mark.end
    parts.append(_plain(shown[place:]))
    if len(shown) < len(text):
        parts.append("…")
    style = f"line-height:1.9;overflow-wrap:anywhere;color:{theme.text};font-family:{html.escape(theme.font)}"
    return f'<div style="{style}">{"".join(parts)}</div>'


def clauses_html(text: str, said: Sequence[ThemeSentence], theme: Theme, *, most: int = MOST) -> str:
    """A comment as one safe `<div>`, with what it says of a theme in colour: blame underlined whole and "−", praise
    dotted and "+", both double and "±". `said`: clauses in order, which do not overlap.
    """
    shown = text if len(text) <= most else text[: max(text.rfind(" ", 0, most), most // 2)]
    parts, place = [], 0
    for item in said:
        if place <= item.start < item.end <= len(shown):
            parts += [_plain(shown[place : item.start]), _clause(shown[item.start : item.end], item.polarity, theme)]
            place = item.end
    parts.append(_plain(shown[place:]) + ("…" if len(shown) < len(text) else ""))
    style = f"line-height:1.9;overflow-wrap:anywhere;color:{theme.text};font-family:{html.escape(theme.font)}"
    return f'<div style="{style}">{"".join(parts)}</div>'


def _clause(text: str, polarity: str, theme: Theme) -> str:
    colour, line, sign = {
        "negative": (theme.event, "solid", "−"),
        "positive": (theme.non_event, "dotted", "+"),
        "mixed": (theme.neutral, "double", "±"),
    }.get(polarity, (theme.neutral, "dashed", ""))
    style = (
        f"background:{fade(colour, theme.background, 0.18)};border-bottom:2px {line} {colour};border-radius:3px;"
        f"padding:0 2px;color:{theme.text}"
    )
    mark = f'<sup style="font-size:.75em;font-weight:600;color:{theme.text}">{sign}</sup>' if sign else ""
    return f'<span style="{style}">{_plain(text)}{mark}</span>'


def _chosen(marks: Sequence[MarkedWord], length: int) -> list[MarkedWord]:
    """Marks that lie inside, in order; of overlapping ones the longest."""
    kept: list[MarkedWord] = []
    inside = [m for m in marks if 0 <= m.start < m.end <= length and abs(m.points) >= _SHOWN_FROM]
    for mark in sorted(inside, key=lambda m: (m.start - m.end, m.start)):
        if all(mark.end <= other.start or mark.start >= other.end for other in kept):
            kept.append(mark)
    return sorted(kept, key=lambda m: m.start)


def _word(text: str, points: float, theme: Theme) -> str:
    colour = theme.signed(points)
    strength = next(tint for least, tint in _STEPS if abs(points) >= least)
    line = "solid" if points > 0 else "dotted"
    said = numbers.points(points)
    style = (
        f"background:{fade(colour, theme.background, strength)};border-bottom:2px {line} {colour};border-radius:3px;"
        f"padding:0 2px;color:{theme.text}"
    )
    unit = "ponto" if said in ("+1", "−1") else "pontos"
    return (
        f'<span style="{style}" title="{said} {unit}">{_plain(text)}<sup '
        f'style="font-size:.68em;color:{theme.text}">{said}</sup></span>'
    )


def _plain(text: str) -> str:
    return html.escape(_flat(text), quote=True).replace("\n", "<br>")


def _flat(text: str) -> str:
    """One character for each: a line feed stays, what can't be seen becomes a blank."""
    return "".join(
        c if c == "\n" else " " if c in _TURNS or unicodedata.category(c) in ("Cc", "Cs") else c for c in text
    )
