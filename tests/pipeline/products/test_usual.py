"""The rules that follow from a field: whole for any field, and gone where the product has its own."""

from __future__ import annotations

import pytest

from pipeline.contract import Field, FieldKind, Role, Rule, RuleKind, Severity
from pipeline.products import all_products
from pipeline.products.usual import with_usual

PRODUCTS = all_products()
TIME = Field("day", "Dia", FieldKind.DATE, Role.OCCURRED, "?", ("10/01/2025",), "Sem o dia, nada.", required=True)
UNIT = Field("place", "Filial", FieldKind.OPEN, Role.UNIT, "?", ("Centro",), "Sem a filial, menos.")
OWN = Rule("no_place", RuleKind.EMPTY, Severity.WARNING, ("place",), "Sem filial", "{rows} sem filial.", "Preencha.")


def test_a_factor_or_a_field_that_a_product_has_not_is_a_key_error() -> None:
    own = PRODUCTS[0].features[0]
    assert PRODUCTS[0].feature(own.key) is own
    for ask in (PRODUCTS[0].feature, PRODUCTS[0].field):
        with pytest.raises(KeyError):
            ask("nobody_declared_it")


def test_an_own_rule_takes_the_place_of_the_usual_one() -> None:
    usual = {rule.code for rule in with_usual((TIME, UNIT), (), ())}
    own = {rule.code for rule in with_usual((TIME, UNIT), (OWN,), ())}
    assert usual - own == {"unit_missing"} and own - usual == {"no_place"}
    assert (
        next(rule.title for rule in with_usual((TIME, UNIT), (), ()) if rule.code == "unit_missing") == "Filial vazia"
    )


@pytest.mark.parametrize("product", PRODUCTS, ids=[p.key for p in PRODUCTS])
def test_every_field_that_may_be_empty_has_one_rule_that_says_so(product) -> None:  # noqa: ANN001
    kinds = {RuleKind.EMPTY, RuleKind.MISSING, RuleKind.OUTCOME_MISSING, RuleKind.ASKED_FOR}
    told = [rule.fields[0] for rule in product.rules if rule.kind in kinds]
    assert sorted(told) == sorted(field.key for field in product.asked)


@pytest.mark.parametrize("product", PRODUCTS, ids=[p.key for p in PRODUCTS])
def test_blockers_come_first(product) -> None:  # noqa: ANN001
    order = [list(Severity).index(rule.severity) for rule in product.rules]
    assert order == sorted(order)
