"""Efforts are named once: each that training knows has its words, and no other."""

from __future__ import annotations

import re

from pipeline.modeling.training import boosting
from pipeline.presentation.locale import names
from pipeline.records import cell_name, cell_place
from tests.conftest import ROOT


def test_every_effort_of_training_is_named_and_no_other() -> None:
    assert list(names.EFFORTS) == list(boosting.EFFORTS)
    assert [names.effort(key) for key in (*names.EFFORTS, "of another version")] == [
        "rápido",
        "padrão",
        "completo",
        "of another version",
    ]


def test_a_cell_of_the_heat_map_is_joined_in_one_way_for_keys_and_for_people() -> None:
    assert cell_place(cell_name("mon", "8–15")) == ("mon", "8–15")
    assert names.cell("mon", "8–15") == cell_name("seg", "8–15") == "seg · 8–15"
    texts = {path.name: path.read_text("utf-8") for path in (ROOT / "pipeline").rglob("*.py")}
    assert [name for name, text in texts.items() if re.search(r"row\)?\}.*\{column\}", text)] == ["insight.py"]
