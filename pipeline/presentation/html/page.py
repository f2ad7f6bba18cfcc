"""The one place that writes an HTML page: frame, style, key figures, tables and figures.

The page asks for nothing over the network and says so to the browser (content security policy). A script is
in it only where a figure is: Plotly's own, inline and once. Every text given here must already be escaped,
except where an argument says "plain".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import plotly.io as pio
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipeline.presentation.charts.base import PLOT_CONFIG, Chart
from pipeline.presentation.escaping import escape_html
from pipeline.presentation.html.style import CSS, ICONS, LOGO
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


class Table(NamedTuple):
    """Headers, rows of cells, and the places of the columns that hold numbers."""

    headers: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: Sequence[int] = ()


_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:"
# Plotly sizes a figure before its neighbours exist, and printing changes the width without a resize event: on paper
# a figure takes the width that the style gives it on A4 (186 mm, or half of that in a pair).
_FIT = """<script>
(function () {
  function each(change) { document.querySelectorAll(".js-plotly-plot").forEach(change); }
  function fit() { each(function (plot) { Plotly.relayout(plot, {width: null, autosize: true}); }); }
  function paper() { each(function (plot) { Plotly.relayout(plot, {width: plot.closest(".pair") ? 335 : 695}); }); }
  window.addEventListener("load", fit);
  window.addEventListener("beforeprint", paper);
  window.addEventListener("afterprint", fit);
})();
</script>"""


def document(title: str, product_title: str, parts: Iterable[str], *, figures: bool = False) -> str:
    """A whole page from its escaped parts; `title` and `product_title` are plain. `figures`: scripts may run."""
    policy = _POLICY + ("; script-src 'unsafe-inline'" if figures else "")
    body = "\n".join(part for part in parts if part)
    return f"""<!DOCTYPE html>
<html lang="pt-BR">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>{escape_html(title)}</title>
<style>{CSS}</style>
</head>
<body>
<header class="brand">{LOGO}<span>Presença</span><span class="product">{escape_html(product_title)}</span></header>
<main>
{body}
</main>
{_FIT if figures else ""}</body>
</html>
"""


def heading(title: str, finding: str, meta: Sequence[str] = ()) -> str:
    """Title (plain), finding (escaped), and a gray line of facts (plain)."""
    line = " · ".join(escape_html(item) for item in meta if item)
    gray = f'\n<p class="gray">{line}</p>' if line else ""
    return f'<h1>{escape_html(title)}</h1>\n<p class="finding">{finding}</p>{gray}'


def section(title: str, inner: str, note: str = "") -> str:
    """A section with its heading and a gray sentence (both plain); nothing where there is nothing inside."""
    if not inner:
        return ""
    gray = f'\n<p class="gray">{escape_html(note)}</p>' if note else ""
    return f"<section>\n<h2>{escape_html(title)}</h2>{gray}\n{inner}\n</section>"


def figures_row(items: Sequence[tuple[str, str, str]]) -> str:
    """Key figures: name, value, and what stands below it (all plain)."""
    cards = [
        f'<div class="kpi"><div>{escape_html(name)}</div><div class="value">{escape_html(value)}</div>'
        + (f'<span class="pill">{escape_html(below)}</span>' if below else "")
        + "</div>"
        for name, value, below in items
    ]
    return f'<div class="kpis">{"".join(cards)}</div>'


def card(severity: str, word: str, title: str, effect: str, message: str) -> str:
    """One issue: badge with icon and word, title, effect, sentence (all plain)."""
    return (
        f'<article class="card"><p>{badge(severity, word)} '
        f'<strong>{escape_html(title)}</strong> <span class="gray">{escape_html(effect)}</span></p>'
        f"<p>{escape_html(message)}</p></article>"
    )


def badge(kind: str, word: str) -> str:
    """A badge with its icon: blocker, warning, note or ready (`word` is plain)."""
    return f'<span class="badge {escape_html(kind)}">{ICONS.get(kind, "")} {escape_html(word)}</span>'


def listing(items: Iterable[tuple[str, str]]) -> str:
    """A list of bold name and sentence (plain)."""
    lines = [f"<li><strong>{escape_html(name)}</strong> {escape_html(text)}</li>" for name, text in items]
    return f"<ul>{''.join(lines)}</ul>" if lines else ""


def paragraphs(texts: Iterable[str]) -> str:
    """Plain sentences, one paragraph each."""
    return "".join(f"<p>{escape_html(text)}</p>" for text in texts if text)


def table(headers: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int] = ()) -> str:
    """A table of escaped cells under plain headers; columns in `right` hold numbers."""
    head = "".join(f"<th{_side(i, right)}>{escape_html(name)}</th>" for i, name in enumerate(headers))
    lines = [
        "<tr>" + "".join(f"<td{_side(i, right)}>{cell}</td>" for i, cell in enumerate(row)) + "</tr>" for row in rows
    ]
    if not lines:
        return ""
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{"".join(lines)}</tbody></table></div>'


def _side(position: int, right: Sequence[int]) -> str:
    return ' class="number"' if position in right else ""


def bar(fraction: float, text: str, kind: str = "") -> str:
    """A bar of `fraction` (0..1) with its figure beside it, for a cell."""
    width = min(max(fraction, 0.0), 1.0) * 100
    return (
        f'<span class="measure"><span class="bar {kind}"><span style="width:{width:.1f}%"></span></span>'
        f'<span class="figure">{escape_html(text)}</span></span>'
    )


class Figures:
    """Turns charts into HTML; the first one brings Plotly along."""

    def __init__(self) -> None:
        self._first = True

    def add(self, chart: Chart) -> str:
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
        return f'<figure role="img" aria-label="{escape_html(chart.alt)}">{inner}</figure>'


def pair(left: str, right: str) -> str:
    """Two sections side by side where there is room."""
    return f'<div class="pair">{left}{right}</div>'
