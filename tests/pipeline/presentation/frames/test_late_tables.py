"""What a dimension of late cancellations is called over its table."""

from __future__ import annotations

import pytest

from pipeline.presentation.frames import late_tables
from pipeline.products.no_show import PRODUCT


@pytest.mark.parametrize(("noun", "said"), [("unidade", "Unidade"), ("UF", "UF"), ("", "")])
def test_a_heading_keeps_the_capitals_of_its_noun(noun: str, said: str) -> None:
    assert late_tables.heading(noun) == said


def test_no_dimension_loses_a_capital() -> None:
    headings = [late_tables.groups((), dimension.noun, PRODUCT).columns[0] for dimension in PRODUCT.dimensions]
    assert "UF" in headings and all(heading[0].isupper() for heading in headings)
