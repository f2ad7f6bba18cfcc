"""How an organisation names its provider: variables of the environment, as systemd, Docker and secrets managers set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from pipeline.access import hosts
from pipeline.errors import PresencaError

ISSUER, CLIENT_ID = "PRESENCA_OIDC_ISSUER", "PRESENCA_OIDC_CLIENT_ID"
SECRET, SECRET_FILE = "PRESENCA_OIDC_CLIENT_SECRET", "PRESENCA_OIDC_CLIENT_SECRET_FILE"
NAME, ONLY, ADDRESS = "PRESENCA_OIDC_NAME", "PRESENCA_OIDC_ONLY", "PRESENCA_OIDC_ADDRESS"
CLAIM, REQUIRE = "PRESENCA_OIDC_CLAIM", "PRESENCA_OIDC_REQUIRE"
_ALL = (ISSUER, CLIENT_ID, SECRET, SECRET_FILE, NAME, ONLY, ADDRESS, CLAIM, REQUIRE)
_YES, _NO = ("1", "true", "yes", "sim", "on"), ("", "0", "false", "no", "nao", "não", "off")
_LARGEST_SECRET, _LONGEST_NAME = 4096, 40


@dataclass(frozen=True)
class Settings:
    """A provider, by its issuer. `secret`: "" for a public client; `only`: passwords are for admins alone; `address`:
    where browsers find the app, "" for wherever each of them asked; `claim`: the one that holds a person's login;
    `required`: a claim and the value that it must hold, None for any.
    """

    issuer: str
    client_id: str
    secret: str = field(default="", repr=False)
    name: str = ""
    only: bool = False
    address: str = ""
    claim: str = "email"
    required: tuple[str, str] | None = None


def load(environ: Mapping[str, str]) -> Settings | None:
    """The settings; None where nothing of them is set. PresencaError "oidc.setting_…" that names what is not right."""
    told = {name: environ.get(name, "").strip() for name in _ALL}
    if not any(told.values()):
        return None
    for name in (ISSUER, CLIENT_ID):
        if not told[name]:
            raise PresencaError("oidc.setting_missing", variable=name)
    for name in (ISSUER, ADDRESS):
        if told[name] and not is_safe_address(told[name], plain_here=True):
            raise PresencaError("oidc.setting_address", variable=name)
    return Settings(
        told[ISSUER],
        told[CLIENT_ID],
        _secret(told),
        (told[NAME] or str(urlsplit(told[ISSUER]).hostname))[:_LONGEST_NAME],
        _flag(told[ONLY]),
        told[ADDRESS].rstrip("/"),
        told[CLAIM] or "email",
        _required(told[REQUIRE]),
    )


def closes_passwords(environ: Mapping[str, str]) -> bool:
    """Whether passwords are for admins alone. It reads no file, so that an admin comes in whatever is wrong."""
    return bool(environ.get(ISSUER, "").strip()) and environ.get(ONLY, "").strip().lower() in _YES


def is_safe_address(address: str, *, plain_here: bool) -> bool:
    """Whether an address may be asked: https, or http on this machine where `plain_here`; no user, query, fragment."""
    try:
        told = urlsplit(address)
        name, _ = told.hostname or "", told.port
    except ValueError:
        return False
    plain = told.scheme == "http" and plain_here and hosts.is_loopback(name)
    bare = not (told.query or told.fragment or "@" in told.netloc)
    readable = len(address) <= 2000 and all("!" <= char <= "~" and char not in '\\"<>' for char in address)
    return bool(name) and bare and readable and (told.scheme == "https" or plain)


def _secret(told: Mapping[str, str]) -> str:
    if not told[SECRET_FILE]:
        return told[SECRET]
    try:
        with Path(told[SECRET_FILE]).open("rb") as file:
            found = file.read(_LARGEST_SECRET).decode("ascii").strip()
    except (OSError, UnicodeDecodeError):
        found = ""
    if not found:
        raise PresencaError("oidc.setting_secret", variable=SECRET_FILE)
    return found


def _flag(text: str) -> bool:
    if text.lower() not in _YES + _NO:
        raise PresencaError("oidc.setting_flag", variable=ONLY)
    return text.lower() in _YES


def _required(text: str) -> tuple[str, str] | None:
    name, sign, value = (part.strip() for part in text.partition("="))
    if text and not (sign and name and value):
        raise PresencaError("oidc.setting_required", variable=REQUIRE)
    return (name, value) if text else None
