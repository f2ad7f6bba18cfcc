"""The settings of the app: known to Streamlit, safe, and readable in every theme."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from streamlit import config

ROOT = Path(__file__).resolve().parent.parent
WRITTEN = tomllib.loads((ROOT / "dashboard" / ".streamlit" / "config.toml").read_text(encoding="utf-8"))


def _names(table: dict, prefix: str = "") -> list[str]:
    return [
        name
        for key, value in table.items()
        for name in (_names(value, f"{prefix}{key}.") if isinstance(value, dict) else [f"{prefix}{key}"])
    ]


def test_every_setting_is_one_that_streamlit_knows() -> None:
    known = set(config.get_config_options())
    assert [name for name in _names(WRITTEN) if name not in known] == []


def test_the_app_keeps_to_this_machine_and_to_itself() -> None:
    safe = {"address": "127.0.0.1", "maxUploadSize": 300, "disconnectedSessionTTL": 30}
    assert safe.items() <= WRITTEN["server"].items()
    assert set(WRITTEN["server"]["allowedHosts"]) == {"localhost", "127.0.0.1", "::1"}
    assert WRITTEN["browser"]["gatherUsageStats"] is False
    assert WRITTEN["client"]["showErrorDetails"] == "none"
    assert WRITTEN["client"]["showErrorLinks"] is False


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio of two colours, 1 to 21."""
    dark, light = sorted([_luminance(one), _luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_of_contrast_is_right() -> None:
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


THEMES = {
    "light": WRITTEN["theme"]["light"],
    "dark": WRITTEN["theme"]["dark"],
    "light.sidebar": WRITTEN["theme"]["light"]["sidebar"],
    "dark.sidebar": WRITTEN["theme"]["dark"]["sidebar"],
}


@pytest.mark.parametrize("name", THEMES)
def test_text_can_be_read_in_every_theme(name: str) -> None:
    theme = THEMES[name]
    pairs = [
        (theme[text], theme[ground])
        for text in ("textColor", "grayTextColor", "linkColor")
        for ground in ("backgroundColor", "secondaryBackgroundColor")
    ]
    pairs.append(("#FFFFFF", theme["primaryColor"]))
    for hue in ("red", "orange", "yellow", "green", "blue", "gray"):
        if f"{hue}BackgroundColor" in theme:
            pairs.append((theme[f"{hue}TextColor"], theme[f"{hue}BackgroundColor"]))
    assert [(one, other, round(contrast(one, other), 2)) for one, other in pairs if contrast(one, other) < 4.5] == []
