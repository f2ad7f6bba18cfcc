"""The environment of the templates: it escapes whatever it prints, and it does not print what is not there."""

from __future__ import annotations

import pytest
from jinja2 import UndefinedError

from pipeline.presentation.html import page
from pipeline.presentation.sentences.findings import Finding

HOSTILE = '<script>alert(1)</script>\u202e"x"'
SHOWN = "&lt;script&gt;alert(1)&lt;/script&gt;&quot;x&quot;"


def part(macro: str, *values: object) -> str:
    """One macro of the parts, called as a template calls it."""
    return str(getattr(page._ENVIRONMENT.get_template("parts.html.jinja").module, macro)(*values))


@pytest.mark.parametrize(
    ("macro", "values"),
    [
        ("badge", [HOSTILE, "x"]),
        ("badge", ["note", HOSTILE]),
        ("card", [page.Card("note", "Nota", HOSTILE, "", "")]),
        ("heading", [HOSTILE, [], Finding("x")]),
        ("heading", ["x", [HOSTILE], Finding("x")]),
        ("heading", ["x", [], Finding(HOSTILE)]),
        ("heading", ["x", [], Finding("x", HOSTILE)]),
        ("key_figures", [[("x", HOSTILE, "")]]),
        ("listing", [[("x", HOSTILE)]]),
        ("paragraphs", [[HOSTILE]]),
        ("table", [page.Table([HOSTILE], [["x"]])]),
        ("table", [page.Table(["x"], [[HOSTILE]])]),
        ("cell", [page.bar(0.5, HOSTILE)]),
        ("cell", [page.Gray(HOSTILE)]),
        ("cell", [page.Measure("x", HOSTILE)]),
        ("figure", [page.Figure(HOSTILE, page.markup("<svg></svg>"))]),
    ],
)
def test_every_part_prints_text_as_text(macro: str, values: list[object]) -> None:
    html = part(macro, *values)
    assert SHOWN in html and "<script>" not in html and "\u202e" not in html


def test_a_drawing_is_printed_as_it_is() -> None:
    assert "<svg></svg>" in part("figure", page.Figure("x", page.markup("<svg></svg>")))


def test_nothing_is_printed_for_what_is_empty() -> None:
    empty = [("table", page.Table(["x"], [])), ("listing", []), ("paragraphs", [""]), ("figure", None)]
    assert all(not part(macro, value).strip() for macro, value in empty)


def test_a_bar_stays_within_its_cell() -> None:
    assert [page.bar(fraction, "").width for fraction in (-1, 0.333, 7)] == ["0.0", "33.3", "100.0"]


def test_a_value_that_a_face_forgot_is_refused() -> None:
    with pytest.raises(UndefinedError):
        page.render("call_list", headers=[], rows=[])
