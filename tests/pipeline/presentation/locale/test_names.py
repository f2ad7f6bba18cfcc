"""Efforts are named once: each that training knows has its words, and no other."""

from __future__ import annotations

from pipeline.modeling.training import boosting
from pipeline.presentation.locale import names


def test_every_effort_of_training_is_named_and_no_other() -> None:
    assert list(names.EFFORTS) == list(boosting.EFFORTS)
    assert [names.effort(key) for key in (*names.EFFORTS, "of another version")] == [
        "rápido",
        "padrão",
        "completo",
        "of another version",
    ]
