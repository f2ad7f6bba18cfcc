"""What can be read of an image and a service that are not built here: sources, pins, options, hardening."""

from __future__ import annotations

import configparser
import re
from typing import Any

import yaml
from streamlit import config

from launch.environment import ROOT

DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8"))
SERVICE = (ROOT / "deploy" / "presenca.service").read_text(encoding="utf-8")


def _options(text: str) -> set[str]:
    return set(re.findall(r"--((?:server|browser)\.\w+)", text))


def test_every_source_of_the_image_is_there_and_let_through() -> None:
    copied = [
        word for line in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE) for word in line.split()
    ]
    let_through = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert len(copied) == 9
    assert [name for name in copied if not (ROOT / name).exists() or f"!{name}" not in let_through] == []


def test_every_option_is_one_that_streamlit_knows() -> None:
    asked = _options(DOCKERFILE) | _options(" ".join(COMPOSE["services"]["presenca"]["command"])) | _options(SERVICE)
    assert asked and asked <= set(config.get_config_options())


def test_the_container_has_no_privilege_and_is_published_to_its_own_machine() -> None:
    service = COMPOSE["services"]["presenca"]
    assert service["read_only"] and service["cap_drop"] == ["ALL"]
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    assert {one.split(":")[1] for one in service["volumes"]} == {"/dados", "/chave"}
    assert set(COMPOSE["volumes"]) == {one.split(":")[0] for one in service["volumes"]}
    assert re.search(r"^USER 10001$", DOCKERFILE, re.MULTILINE)


def test_what_builds_the_wheel_is_pinned_as_in_development() -> None:
    build = (ROOT / "deploy" / "requirements-build.txt").read_text(encoding="utf-8")
    development = (ROOT / "requirements-dev.txt").read_text(encoding="utf-8")
    assert "hatchling==" in build
    assert [line for line in build.split() if ("==" in line or "sha256" in line) and line not in development] == []


def test_the_service_keeps_to_itself_and_lets_limits_be_set() -> None:
    told = configparser.ConfigParser(strict=False, interpolation=None)
    told.optionxform = str  # type: ignore[assignment, method-assign]
    told.read_string(SERVICE)
    service = told["Service"]
    assert service["ProtectSystem"] == "strict" and service["NoNewPrivileges"] == service["PrivateTmp"] == "yes"
    assert "SystemCallFilter=@system-service\n" in SERVICE and "~@resources" not in SERVICE
    assert "IPAddressAllow=localhost" in SERVICE
