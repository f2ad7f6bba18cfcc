"""Where the browser of the browser tests is looked for, and where it may be installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from launch import browser


def test_the_named_browser_comes_first(tmp_path: Path) -> None:
    chosen = tmp_path / "meu-chromium"
    chosen.touch()
    assert browser.find_chromium({"PRESENCA_CHROMIUM": str(chosen)}) == str(chosen)


def test_a_browser_that_is_nowhere_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser.shutil, "which", lambda name: None)
    assert browser.find_chromium({"PRESENCA_CHROMIUM": "/nowhere/chromium"}, "linux") is None


def test_the_usual_places_of_each_system() -> None:
    mac = browser.chromium_places({"HOME": "/Users/ana"}, "darwin")
    assert "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" in mac
    assert "/Users/ana/Applications/Chromium.app/Contents/MacOS/Chromium" in mac
    windows = browser.chromium_places({"PROGRAMFILES": r"C:\Program Files"}, "win32")
    assert r"C:\Program Files\Google\Chrome\Application\chrome.exe" in windows


@pytest.mark.parametrize(
    ("release", "root", "apt", "may"),
    [
        ("NAME=x\nID=debian\n", True, True, True),
        ('ID="debian"\n', True, True, True),
        ("ID=debian\n", False, True, False),
        ("ID=debian\n", True, False, False),
        ("ID=ubuntu\nID_LIKE=debian\n", True, True, False),
    ],
)
def test_chromium_is_installed_only_where_nobody_is_asked(release: str, root: bool, apt: bool, may: bool) -> None:
    assert browser.may_install_chromium(release, root, apt) is may
