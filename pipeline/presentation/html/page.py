"""The one place that renders a page: the environment of the templates, and the shapes that they know.

A page asks for nothing over the network and says so to the browser (content security policy). A script is in it
only where a figure is: Plotly's own, inline and once. Whatever a face hands to its template is plain text: it is
escaped where the template prints it, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import plotly.io as pio
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipeline.presentation.charts.base import PLOT_CONFIG, Chart
from pipeline.presentation.escaping import escape_html
from pipeline.presentation.theme import LIGHT, SANS, SERIF

TEMPLATES = Path(__file__).parent / "templates"


def markup(html: str) -> Markup:
    """The one door past the escaping: what is HTML already (Plotly's drawings, names of fonts, escaped text)."""
    return Markup(html)


def _printed(value: object) -> object:
    """What a template prints: hidden characters go as on every other face, which Jinja's own escaping leaves in."""
    return value if isinstance(value, Markup) else markup(escape_html(str(value)))


_ENVIRONMENT = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    finalize=_printed,
)
_ENVIRONMENT.globals |= {"light": LIGHT, "sans": markup(SANS), "serif": markup(SERIF)}


def render(template: str, **context: Any) -> str:
    """The template `<template>.html.jinja` with its context."""
    return _ENVIRONMENT.get_template(f"{template}.html.jinja").render(context)


class Bar(NamedTuple):
    """A cell with a bar of `width` percent and its figure beside it."""

    width: str
    text: str
    kind: str = ""
    shape: str = "bar"


class Gray(NamedTuple):
    """A cell that says why there is nothing in it."""

    text: str
    shape: str = "gray"


class Measure(NamedTuple):
    """A cell with the name of a measure and, below, what it means."""

    text: str
    meaning: str
    shape: str = "measure"


Cell = str | Bar | Gray | Measure


class Table(NamedTuple):
    """Headers, rows of cells, and the places of the columns that hold numbers."""

    headers: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    right: Sequence[int] = ()


class Card(NamedTuple):
    """One issue: severity and its word, title, effect, sentence."""

    severity: str
    word: str
    title: str
    effect: str
    message: str


class Figure(NamedTuple):
    """A drawing with its accessible name."""

    alt: str
    drawing: Markup


def bar(fraction: float, text: str, kind: str = "") -> Bar:
    """A bar of `fraction` (0..1) with its figure."""
    return Bar(f"{min(max(fraction, 0.0), 1.0) * 100:.1f}", text, kind)


class Figures:
    """Turns charts into HTML; the first one brings Plotly along."""

    def __init__(self) -> None:
        self._first = True

    def add(self, chart: Chart) -> Figure:
        """The chart as HTML, with its accessible name."""
        inner = pio.to_html(
            chart.figure,
            full_html=False,
            include_plotlyjs=self._first,
            config=PLOT_CONFIG | {"responsive": True},
            default_height=f"{chart.height}px",
            default_width="100%",
        )
        self._first = False
        return Figure(chart.alt, markup(inner))
