"""docs/integracao.md: its examples in curl and Python, and what Google Sheets runs, against a server that runs."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
import uvicorn

from pipeline.api import serving
from pipeline.services import Workspace
from pipeline.services.data import datasets
from pipeline.services.models import models
from pipeline.services.pages import agenda
from pipeline.services.pages.list_lines import ListLine
from tests.conftest import ROOT
from tests.pipeline.api.calling import key_of

PAGE = (ROOT / "docs" / "integracao.md").read_text("utf-8")
# what Google gives its scripts: its fetch waits for the answer, as curl does here
GOOGLE = """
const { execFileSync } = require("child_process");
const PropertiesService = { getScriptProperties: () => ({ getProperty: name => process.env[name] }) };
const UrlFetchApp = { fetch: (url, { headers }) => {
  const told = execFileSync("curl", ["-sSf", "-H", "Authorization: " + headers.Authorization, url]).toString();
  return { getContentText: () => told };
} };
let written = [];
const range = { setValues: rows => { written = rows; } };
const sheet = { clear: () => sheet, getRange: (row, column, rows, columns) => range };
const SpreadsheetApp = { getActiveSheet: () => sheet };
"""


def blocks(language: str) -> list[str]:
    """The blocks of code in a language, in their order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.S | re.M)


@pytest.fixture(scope="module")
def caller(clinic: tuple[Workspace, Path]) -> Iterator[dict[str, str]]:
    """What a caller of a server that runs knows of it: its address and a key."""
    taken = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    server = uvicorn.Server(uvicorn.Config(serving.application(clinic[0]), log_level="error"))
    running = threading.Thread(target=server.run, args=([taken],))
    running.start()
    try:
        yield os.environ | {"PRESENCA_URL": url, "PRESENCA_CHAVE": key_of(clinic[0]), "NO_PROXY": "127.0.0.1"}
    finally:
        server.should_exit = True
        running.join(20)
        taken.close()


def ran(command: list[str], caller: dict[str, str]) -> str:
    """What a program says that ends well."""
    done = subprocess.run(command, env=caller, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl")
def test_the_examples_in_curl_run_as_they_stand(caller: dict[str, str]) -> None:
    sent, scored, many = (json.loads(ran(["bash", "-c", block], caller)) for block in blocks("bash"))
    assert sent["state"] == "waiting" and sent["records"] == 1 and sent["href"].startswith("/api/v1/jobs/")
    assert many["state"] == "waiting" and many["records"] == 1 and many["href"] == f"/api/v1/jobs/{many['job']}"
    (row,) = scored["scores"]
    assert 0 < row["risk"] == pytest.approx(scored["reference"] + sum(row["points"].values()))


def test_the_examples_in_python_run_as_they_stand(
    caller: dict[str, str], clinic: tuple[Workspace, Path], tmp_path: Path
) -> None:
    script = tmp_path / "exemplo.py"
    script.write_text("\n".join(blocks("python")), "utf-8")
    first, *lines = ran([sys.executable, str(script)], caller).splitlines()
    assert first == "done 1 0"
    assert len(lines) == _listed(clinic[0]) > 100 and all(line.count(";") >= 3 for line in lines)


@pytest.mark.skipif(not (shutil.which("node") and shutil.which("curl")), reason="no Node.js or no curl")
def test_the_function_of_google_sheets_writes_the_list_and_no_formula(
    caller: dict[str, str], clinic: tuple[Workspace, Path], tmp_path: Path
) -> None:
    (block,) = blocks("javascript")
    script = tmp_path / "riscos.js"
    asked = 'riscos(); console.log(JSON.stringify([written, ["=1+1", "@a", "-3", "Norte"].map(texto)]));'
    script.write_text(GOOGLE + block.replace("https://presenca.exemplo", caller["PRESENCA_URL"]) + asked, "utf-8")
    (head, *rows), safe = json.loads(ran(["node", str(script)], caller))
    assert safe == ["'=1+1", "'@a", "'-3", "Norte"]
    assert head[0] == "dia" and len(rows) == _listed(clinic[0])
    assert all(len(row) == len(head) and 0 < row[3] < 1 for row in rows)


def test_the_query_of_excel_asks_for_what_there_is() -> None:
    (block,) = blocks("powerquery")
    columns = re.search(r"Colunas = \{(.*?)\}", block)
    assert columns is not None
    assert set(re.findall(r'"(\w+)"', columns[1])) <= {one.name for one in fields(ListLine)}
    assert '"api/v1/datasets/" & Conjunto & "/risks"' in block


def _listed(workspace: Workspace) -> int:
    """How many rows to come have a risk."""
    ahead = next(one for one in datasets.datasets(workspace, "no_show") if one.purpose != "past")
    (model,) = models.models(workspace, "no_show")
    return len(agenda.standing(workspace, agenda.score(workspace, ahead.id, model.id)))
