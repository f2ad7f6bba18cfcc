"""A comparison speaks of what the product counts, in its gender, of one row and of many."""

from __future__ import annotations

import re

import pytest

from pipeline.contract import Product
from pipeline.presentation.sentences import comparison_words
from pipeline.products import all_products
from pipeline.products.no_show import PRODUCT as NO_SHOW
from pipeline.products.satisfaction import PRODUCT as SATISFACTION
from pipeline.records import Comparison, Interval, NewValues, RateShift, note
from tests.toy.products import BELL, GUESTBOOK, LETTERBOX, LIBRARY

TOYS = (LIBRARY, BELL, GUESTBOOK, LETTERBOX)
RATE = Interval(0.2, 0.1, 0.3)
SHIFT = RateShift(note("joining.whole_file"), RATE, Interval(0.5, 0.4, 0.6), 100, 100)


def _found(rows: int, *, comparable: bool = True) -> Comparison:
    values = (NewValues("x", "Campo", (("Valor", rows),), rows),)
    return Comparison("a.csv", "b.csv", rows, rows, 0, 0, rows, rows, values, (SHIFT,), comparable=comparable)


def _said(found: Comparison, product: Product) -> str:
    lines = [comparison_words.comparison(found, product), *comparison_words.details(found, product)]
    return " ".join(lines).replace("\u00a0", " ")


@pytest.mark.parametrize("product", [*all_products(), *TOYS], ids=lambda product: product.key)
@pytest.mark.parametrize("comparable", [True, False])
def test_the_nouns_are_the_product_s_and_agree_with_one(product: Product, comparable: bool) -> None:
    one, two = (_said(_found(rows, comparable=comparable), product) for rows in (1, 2))
    assert f"2 {product.words.rows}" in two and product.words.row in one
    assert not re.search(rf"\b[Dd]?[oa]s 1 |\b1 {product.words.rows}\b", one)
    assert product.words.rate.lower() in one.lower() and "a taxa foi" not in one
    assert "paciente" not in one.lower() or product is NO_SHOW


def test_what_is_missing_to_tell_rows_apart_is_named_as_the_product_names_it() -> None:
    lone, many = (comparison_words.comparison(_found(rows, comparable=False), NO_SHOW) for rows in (1, 2))
    assert many.endswith("sem “Id único do paciente” não dá para saber quais já estavam no arquivo anterior.")
    assert lone.endswith("não dá para saber se já estava no arquivo anterior.")
    without_patients = comparison_words.comparison(_found(2, comparable=False), SATISFACTION)
    assert f"sem “{SATISFACTION.time.label}”" in without_patients


def test_one_row_is_the_only_one() -> None:
    assert comparison_words.comparison(_found(1), NO_SHOW).startswith("Do único agendamento deste arquivo: 1 novo")
