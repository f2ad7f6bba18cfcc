"""The colours keep the contrasts that they were chosen for."""

from __future__ import annotations

import pytest

from pipeline.presentation.theme import DARK, LIGHT, Theme, contrast, fade


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda t: t.name)
def test_text_reads_on_its_ground(theme: Theme) -> None:
    for colour in (theme.text, theme.secondary, theme.event, theme.non_event):
        assert contrast(colour, theme.background) >= 4.5
    assert contrast(theme.neutral, theme.background) >= 3
    assert contrast(theme.secondary, theme.surface) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda t: t.name)
def test_figures_read_in_every_step_of_the_maps(theme: Theme) -> None:
    for step in theme.map_steps:
        assert contrast(theme.ink(step), step) >= 4.5, step


def test_contrast_and_fade() -> None:
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert fade("#000000", "#FFFFFF", 0.5) == "#808080"
    assert LIGHT.step(0.0) == LIGHT.sequential[1]
    assert LIGHT.step(1.0) == LIGHT.sequential[8]
