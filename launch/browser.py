"""The browser of the browser tests: where it may lie, and how Debian's own is installed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from launch.interpreter import say


def chromium_places(environ: dict, system: str = sys.platform) -> list[str]:
    """Where a browser that Playwright can drive may lie, best first."""
    places = [environ["PRESENCA_CHROMIUM"]] if environ.get("PRESENCA_CHROMIUM") else []
    names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge"]
    places += [found for found in map(shutil.which, names) if found]
    if system == "darwin":
        for home in ("", environ.get("HOME", "")):
            for name in ("Google Chrome", "Chromium", "Microsoft Edge"):
                places.append("%s/Applications/%s.app/Contents/MacOS/%s" % (home, name, name))
    if system == "win32":
        for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
            for tail in (r"Google\Chrome\Application\chrome.exe", r"Microsoft\Edge\Application\msedge.exe"):
                if environ.get(variable):
                    places.append(environ[variable] + "\\" + tail)
    return places


def find_chromium(environ: dict | None = None, system: str = sys.platform) -> str | None:
    """The first browser that exists, or None."""
    environ = dict(os.environ) if environ is None else environ
    return next((place for place in chromium_places(environ, system) if os.path.isfile(place)), None)


def may_install_chromium(release: str, is_root: bool, has_apt: bool) -> bool:
    """Only Debian's own package, and only where nobody has to be asked (Ubuntu's is a snap)."""
    return is_root and has_apt and bool(re.search(r"^ID=\"?debian\"?$", release, re.MULTILINE))


def install_chromium() -> None:
    """Debian's chromium by apt, at most seven minutes; where it can't be had, the tests skip and say so."""
    release = Path("/etc/os-release")
    text = release.read_text(encoding="utf-8") if release.exists() else ""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    if not may_install_chromium(text, is_root, bool(shutil.which("apt-get"))):
        return
    say("Instalando o Chromium do Debian para os testes de navegador …")
    env = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    null = subprocess.DEVNULL
    steps = ((120, ["update", "-q"]), (300, ["install", "-y", "-q", "--no-install-recommends", "chromium"]))
    for seconds, tail in steps:
        try:
            subprocess.run(["apt-get", *tail], check=False, env=env, stdin=null, stdout=null, timeout=seconds)
        except (OSError, subprocess.TimeoutExpired):
            return
