"""Undocumented means red:
commands, options, variables and files that the README and the tour name must be the real ones.
"""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterator

import click
import pytest

from pipeline.cli import app
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text("utf-8")
TOUR = (ROOT / "docs" / "casa.md").read_text("utf-8")
SCALE = (ROOT / "docs" / "escala.md").read_text("utf-8")


def _commands(group: click.Group, before: str = "") -> Iterator[tuple[str, click.Command]]:
    """By their words, as they are typed: a group is not typed alone."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _commands(command, f"{before}{name} ")
        elif not command.hidden:
            yield f"{before}{name}", command


COMMANDS = dict(_commands(app))


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_each_command_and_option_stands_in_the_readme(name: str) -> None:
    *group, last = name.split()
    typed = " ".join(["python -m pipeline", *group])
    assert re.search(rf"{typed} (?:\w+\|)*{last}\b", README)
    for parameter in COMMANDS[name].params:
        for option in parameter.opts:
            if option.startswith("--"):
                assert f"`{option}`" in README, f"{name} {option}"


def test_the_readme_names_no_option_that_is_not_there() -> None:
    real = {option for command in COMMANDS.values() for parameter in command.params for option in parameter.opts}
    named = set(re.findall(r"(?<![-\w])--[a-z][a-z-]+", README))
    assert named <= real | {"--help", "--server"}  # the last are Streamlit's


def test_the_page_of_many_rows_names_only_options_and_parts_that_are_there() -> None:
    from tests.benchmarks.__main__ import main as bench
    from tests.benchmarks.bench_scale import PARTS

    with pytest.raises(SystemExit), contextlib.redirect_stdout(io.StringIO()) as told:
        bench(["--help"])
    real = {option for command in COMMANDS.values() for parameter in command.params for option in parameter.opts}
    own = SCALE[SCALE.index("## O que se mediu") :]  # before it, options of Dask and of rsync are named, too
    named = set(re.findall(r"(?<![-\w])--[a-z][a-z-]+", own))
    soon = {"--workers", "--scheduler", "--work"}
    assert named <= real | set(re.findall(r"--[a-z]+", told.getvalue())) | soon
    listed = re.search(r"com as partes (.*?)\. O que já", SCALE)
    assert listed is not None and set(re.findall(r"`([a-z]+)`", listed[1])) >= set(PARTS)


def test_each_variable_stands_in_the_readme() -> None:
    used = set()
    for folder in ("pipeline", "dashboard", "launch"):
        for path in (ROOT / folder).rglob("*.py"):
            used |= set(re.findall(r"PRESENCA_[A-Z_]*[A-Z]", path.read_text("utf-8")))
    inner = {"PRESENCA_TODAY", "PRESENCA_SLOW_SECONDS"}  # the tests' own clock and time
    assert used - inner <= set(re.findall(r"PRESENCA_[A-Z_]*[A-Z]", README))


@pytest.mark.parametrize("text", [README, TOUR, SCALE], ids=["README.md", "casa.md", "escala.md"])
def test_links_and_pictures_are_there(text: str) -> None:
    base = ROOT if text is README else ROOT / "docs"
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert (base / target).exists(), target


def test_the_tour_names_only_rooms_that_stand() -> None:
    for name in re.findall(r"`((?:pipeline|dashboard|tests)/[\w/.]*)`", TOUR):
        assert (ROOT / name).exists(), name
    files = {path.name for folder in ("pipeline", "dashboard", "tests") for path in (ROOT / folder).rglob("*.py")}
    for name in re.findall(r"`([a-z_]+\.py)`", TOUR):
        assert name in files | {"run.py"}, name
