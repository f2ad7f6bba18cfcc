"""docs/integracao.md: its dictionary is that of the products, and its examples in curl and Python run as they stand."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from pipeline import services
from pipeline.presentation.spreadsheets.dictionary import how_to_write, required
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "integracao.md"
MARK = "<!-- dicionário -->\n"
PORT = 8957


def dictionary() -> str:
    """The fields of every product, by the names that the API knows them by."""
    lines: list[str] = []
    for product in services.products():
        lines += ["", f"### {product.title} (`{product.key}`)", ""]
        lines += ["| nome | campo | como se escreve | exemplo | obrigatório |", "|---|---|---|---|---|"]
        for field in product.fields:
            cells = (
                f"`{field.key}`",
                field.label,
                how_to_write(field),
                field.examples[0],
                required(field, product),
            )
            lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def test_the_dictionary_is_that_of_the_products() -> None:
    before, mark, after = PAGE.read_text("utf-8").partition(MARK)
    if os.environ.get("WRITE_GOLDEN"):
        PAGE.write_text(before + mark + dictionary(), "utf-8")
        return
    assert mark and after == dictionary(), "WRITE_GOLDEN=1 writes it again"


def example(language: str) -> str:
    """The first block of code in a language."""
    found = re.search(rf"^```{language}\n(.*?)^```$", PAGE.read_text("utf-8"), re.S | re.M)
    assert found is not None
    return found.group(1)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A server of its own, and what its callers know of it."""
    env = os.environ | {"PRESENCA_HOME": str(tmp_path / "home"), "PRESENCA_KEY": secrets.token_hex(32)}
    env |= {"PYTHONPATH": str(ROOT), "PRESENCA_TODAY": "2026-11-23", "NO_PROXY": "127.0.0.1"}
    command = [sys.executable, "-m", "pipeline"]
    made = subprocess.run(
        [*command, "keys", "add", "Agenda", "--scope", "send"], env=env, cwd=ROOT, capture_output=True, text=True
    )
    key = made.stdout.strip().split()[-1]
    running = subprocess.Popen([*command, "serve", "--port", str(PORT)], env=env, cwd=ROOT)
    url = f"http://127.0.0.1:{PORT}"
    try:
        _await(url)
        yield env | {"PRESENCA_URL": url, "PRESENCA_CHAVE": key}
    finally:
        running.terminate()
        running.wait(20)


def _await(url: str) -> None:
    for _ in range(300):
        try:
            httpx.get(f"{url}/ping", timeout=1, trust_env=False)
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server is not there")


@pytest.mark.slow
def test_the_examples_run_as_they_stand(server: dict[str, str], tmp_path: Path) -> None:
    script = tmp_path / "exemplo.py"
    script.write_text(example("python"), "utf-8")
    ran = subprocess.run([sys.executable, script], env=server, capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0 and ran.stdout.split() == ["done", "1", "0"], (ran.stdout, ran.stderr)
    if shutil.which("curl"):
        ran = subprocess.run(["bash", "-c", example("bash")], env=server, capture_output=True, text=True, timeout=60)
        assert ran.returncode == 0 and '"state":"waiting"' in ran.stdout, (ran.stdout, ran.stderr)
