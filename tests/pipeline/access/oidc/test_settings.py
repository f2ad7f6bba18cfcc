"""The settings of a provider: whole and right, absent, or refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.access.oidc import settings
from pipeline.access.oidc.settings import Settings, is_safe_address, load
from pipeline.errors import PresencaError

LEAST = {settings.ISSUER: "https://login.example/realms/a", settings.CLIENT_ID: "presenca"}


def test_nothing_is_set_and_the_least_is_enough() -> None:
    assert load({}) is None and load({settings.ISSUER: " "}) is None
    assert load(LEAST) == Settings("https://login.example/realms/a", "presenca", name="login.example")


def test_everything_is_read() -> None:
    more = {
        settings.SECRET: "s",
        settings.NAME: "Hospital",
        settings.ONLY: "sim",
        settings.ADDRESS: "https://clinica.example/presenca/",
        settings.CLAIM: "preferred_username",
        settings.REQUIRE: "hd = clinica.example",
    }
    told = load(LEAST | more)
    assert told is not None and "secret" not in repr(told)
    assert (told.secret, told.name, told.only, told.claim) == ("s", "Hospital", True, "preferred_username")
    assert (told.address, told.required) == ("https://clinica.example/presenca", ("hd", "clinica.example"))


@pytest.mark.parametrize(
    ("changed", "variable"),
    [
        ({settings.ISSUER: ""}, settings.ISSUER),
        ({settings.CLIENT_ID: ""}, settings.CLIENT_ID),
        ({settings.ISSUER: "http://login.example"}, settings.ISSUER),
        ({settings.ISSUER: "https://login.example/?a=b"}, settings.ISSUER),
        ({settings.ADDRESS: "clinica.example"}, settings.ADDRESS),
        ({settings.ONLY: "talvez"}, settings.ONLY),
        ({settings.REQUIRE: "hd"}, settings.REQUIRE),
        ({settings.SECRET_FILE: "/nowhere/at/all"}, settings.SECRET_FILE),
    ],
)
def test_what_is_not_right_is_refused_by_its_name(changed: dict[str, str], variable: str) -> None:
    with pytest.raises(PresencaError) as told:
        load(LEAST | changed)
    assert told.value.note.params == {"variable": variable}


def test_a_secret_in_a_file_is_read_and_an_empty_one_refused(tmp_path: Path) -> None:
    held = tmp_path / "secret"
    held.write_text("abc\n")
    told = load(LEAST | {settings.SECRET_FILE: str(held)})
    assert told is not None and told.secret == "abc"
    held.write_text("\n")
    with pytest.raises(PresencaError, match="setting_secret"):
        load(LEAST | {settings.SECRET_FILE: str(held)})


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://a.example/x", True),
        ("http://127.0.0.1:9/x", True),
        ("http://localhost.a.example", False),
        ("https://a@b.example", False),
        ("https://a.example:x", False),
        ("https://[a", False),
        ("https:///x", False),
        ("ftp://a.example", False),
        ("https://a.example/\n", False),
    ],
)
def test_which_addresses_may_be_asked(address: str, safe: bool) -> None:
    assert is_safe_address(address, plain_here=True) is safe


def test_passwords_close_only_where_there_is_a_provider() -> None:
    assert settings.closes_passwords(LEAST | {settings.ONLY: "1"})
    assert not settings.closes_passwords({settings.ONLY: "1"}) and not settings.closes_passwords(LEAST)
