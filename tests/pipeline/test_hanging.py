"""No small file makes anybody wait:
every pattern, and every reader with such a cell, against 200,000 hostile characters.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from pipeline import services
from pipeline.contract import Product
from pipeline.errors import UnreadableFile
from pipeline.ingestion.intake import ingest
from pipeline.ingestion.parsing.quoting import quotable, shown_header
from pipeline.ingestion.reading.reader import read
from pipeline.insight.comments import severity
from pipeline.scrubbing.comments import scrub_comment
from tests.conftest import ROOT
from tests.hostile_text import LENGTH
from tests.pipeline.ingestion.tables import TODAY
from tests.refusals import refused

PAGE = b"<html><table><tr><td>a</td><td>b</td></tr><tr><td>1</td><td>2</td></tr>"
MARKS = (
    "<!--",
    "<!---->",
    "<",
    "<a ",
    "<a b='",
    '<td a="',
    "<![",
    "<?",
    "&",
    "&#1",
    "<tr>",
    "<table>",
    "<script>",
    "</td>",
    "=",
    "<p>",
)
CELLS = ("a", "1", "a@", "1-")


def seconds(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


@pytest.mark.slow  # readers and scrubbers are tried whole, below
def test_every_pattern_is_tried_on_two_hundred_thousand_characters() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile_text"], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    lines = done.stdout.splitlines()
    assert done.returncode == 0, [line for line in lines if line.startswith("SLOW")] or lines[-1:] + [
        done.stderr[-500:]
    ]
    assert sum(line.startswith("trying") for line in lines) > 60


@pytest.mark.parametrize("mark", MARKS)
def test_a_page_with_marks_that_never_end_is_read_at_once(mark: str) -> None:
    run = mark.encode() * (LENGTH // len(mark))
    for data in (PAGE + run, PAGE + b"<tr><td>" + run + b"</td><td>3</td></tr></table>"):
        assert seconds(lambda: _tried(data, nested=mark == "<table>")) < 3  # noqa: B023 - called at once


def _tried(data: bytes, *, nested: bool) -> None:
    """Read, but for tables within tables without end, which nobody's page has."""
    if nested:
        with refused(UnreadableFile, match="HTML"):
            read(data, "agenda.xls")
    else:
        read(data, "agenda.xls")


def test_comments_before_a_table_of_text_and_a_page_of_comments() -> None:
    text = b"<!---->" * (LENGTH // 7) + b"a;b\n1;2\n"
    assert seconds(lambda: read(text, "agenda.csv")) < 3
    with refused(UnreadableFile, match="HTML"):
        read(b"<html>" + b"<!--" * 300_000, "agenda.xls")


@pytest.mark.parametrize("said", [b"undefined", b"idna", b"hex", b"latin9999", b"x" * 300])
def test_an_encoding_that_is_none_is_passed_over(said: bytes) -> None:
    page = (
        b"<html><meta charset="
        + said
        + b">"
        + PAGE.replace(b"<td>a", b"<td>\xe9").replace(b"<table>", b"<![if !x]><table>")
        + b"</table>"
    )
    assert read(page, "agenda.xls").table.column_names == ["é", "b"]


@pytest.mark.parametrize("product", [one for one in services.products() if one.alerts], ids=lambda product: product.key)
def test_phrases_of_alerts_are_looked_for_at_once_in_long_comments(product: Product) -> None:
    phrases = [phrase for alert in product.alerts for phrase in (*alert.phrases, *alert.unless)]
    words = sorted({re.split(r"[/?*]", item)[0] for phrase in phrases for item in phrase.split() if item[0] != "."})
    for unit in ("a", ", ", "a ", "nao ", *(f"{word} " for word in words[::150]), " ".join(words) + " "):
        text = (unit * (LENGTH // len(unit) + 1))[: LENGTH // 2]
        assert seconds(lambda: severity.alerts([text], product.alerts)) < 3, unit  # noqa: B023 - called at once


def test_a_long_cell_is_quoted_at_once() -> None:
    for unit in CELLS:
        text = unit * (LENGTH // len(unit))
        assert seconds(lambda: (quotable(text), shown_header(text))) < 2  # noqa: B023 - called at once
    assert quotable("ana@clinica.com.br") == "(valor omitido)" and quotable("a @ b") == "a @ b"


@pytest.mark.parametrize(
    "unit", ["Ana ", "filho ", "Dra. ", "hospital de ", "rua a ", "cpf 1", "ana e ", "1 ", "@a", "de "]
)
def test_a_long_comment_is_scrubbed_at_once(unit: str) -> None:
    assert seconds(lambda: scrub_comment(unit * (LENGTH // 4 // len(unit)))) < 3


@pytest.mark.parametrize("product", services.products(), ids=lambda product: product.key)
def test_a_cell_that_is_one_long_run_in_every_field(product: Product) -> None:
    size, took = len(product.fields), {}
    for unit in CELLS:
        cell = unit * (LENGTH // 4 // len(unit))
        rows = [";".join(cell if place == column else "" for column in range(size)) for place in range(size)]
        data = "\n".join([";".join(field.label for field in product.fields), *rows]).encode()
        took[unit] = seconds(lambda: ingest(read(data, "agenda.csv"), product, today=TODAY))  # noqa: B023 - called at once
    assert max(took.values()) < 2, took
