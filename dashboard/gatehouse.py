"""The gate as this app stands it up: who is asked, what the login pages say, and the names it answers to."""

from __future__ import annotations

import logging
from contextlib import AbstractAsyncContextManager
from typing import Any

import streamlit as st
from starlette.routing import Route
from typing_extensions import override

from dashboard import house, scripts
from pipeline.access import hosts
from pipeline.access.gate import Answer, App, Asked, Doorman, Gate, Verdict
from pipeline.access.hosts import Here
from pipeline.access.request import INVITATION, LOGIN, LOGOUT, PROVIDER, PROVIDER_BACK
from pipeline.api import doorkeeping, mounting
from pipeline.errors import PresencaError, WorkspaceError
from pipeline.presentation.html import doors
from pipeline.presentation.locale import messages, program
from pipeline.services.people import by_provider, entering

_standing = False
_FOR_THE_LOG = ("oidc.unreachable", "oidc.refused", "oidc.no_claim", "oidc.off")
_OF_THE_ACCOUNT = ("oidc.unknown", "oidc.removed", "oidc.unverified", "oidc.not_required")
_ANOTHER = "outra"
_STATUS = {"oidc.unreachable": 503, "oidc.off": 404, "oidc.expired": 400, "oidc.refused": 401, "login.wait": 429}


class HouseDoorman(Doorman):
    """Asks the workspace who somebody is. Nothing of what is typed here is written to a log."""

    def __init__(self, prefix: str = "") -> None:
        self.prefix = prefix
        self._had_users = False

    @override
    def verdict(self, token: str) -> Verdict:
        try:
            workspace = house.workspace()
            if not self._had_users and entering.is_open(workspace):
                return Verdict.NOBODY_YET
            self._had_users = True  # whoever was asked for a password once is asked from then on
            return Verdict.IN if entering.inside(workspace, token) is not None else Verdict.OUT
        except PresencaError as error:
            logging.getLogger("presenca").error("%s", messages.refusal(error))
            return Verdict.OUT if self._had_users else Verdict.SHUT

    @override
    def answer(self, asked: Asked) -> Answer:
        try:
            if entering.is_open(house.workspace()):
                return Answer(303, location=f"{self.prefix}/")
            if asked.path == LOGIN:
                return self._login(asked)
            if asked.path in (PROVIDER, PROVIDER_BACK):
                return self._by_provider(asked)
            return self._logout(asked) if asked.path == LOGOUT else self._invitation(asked)
        except WorkspaceError as error:
            return Answer(503, doors.message_page("Presença não abriu", refused=messages.refusal(error)))

    @override
    def caller(self, key: str) -> object | None:
        return doorkeeping.caller(house.workspace(), key)

    @override
    def problem(self, status: int, code: str, languages: str) -> bytes:
        return doorkeeping.problem(status, code, languages)

    @override
    def refusal(self, code: str) -> str:
        return doors.refusal_page(code, self.prefix + LOGIN)

    def _login(self, asked: Asked) -> Answer:
        action, home = self.prefix + LOGIN, house.workspace()
        if asked.method != "POST":
            if entering.inside(home, asked.token) is not None:
                return Answer(303, location=self._on(asked.way))
            return Answer(200, doors.login_page(action, asked.way, provider=self._offer()))
        login = asked.form.get("nome", "")[:80]
        try:
            entered = entering.log_in(home, login, asked.form.get("senha", ""), asked.address)
        except PresencaError as error:
            status = 429 if error.note.code == "login.wait" else 401
            said = messages.refusal(error)
            page = doors.login_page(action, asked.way, login=login, refused=said, provider=self._offer())
            return Answer(status, page)
        entering.log_out(home, asked.token)  # whoever sat here before is out
        return Answer(303, location=self._on(asked.way), token=entered.token)

    def _by_provider(self, asked: Asked) -> Answer:
        """To the organisation's provider, and back from it: the same session as by a password, or why not."""
        home = house.workspace()
        try:
            if asked.path == PROVIDER:
                if entering.inside(home, asked.token) is not None:
                    return Answer(303, location=self._on(asked.way))
                base, another = asked.origin + self.prefix, _ANOTHER in asked.query
                begun = by_provider.begin(base, PROVIDER_BACK, asked.way, another=another)
                return Answer(303, location=begun.address, pending=begun.sealed)
            came = by_provider.finish(home, asked.query, asked.pending, asked.address)
        except PresencaError as error:
            return self._not_by_provider(error)
        entering.log_out(home, asked.token)
        return Answer(303, location=self._on(came.way), token=came.entered.token, pending="")

    def _not_by_provider(self, error: PresencaError) -> Answer:
        """Why not, with the way back to passwords. What only whoever looks after the server can mend is in its log."""
        if error.note.code in _FOR_THE_LOG or error.note.code.startswith("oidc.setting"):
            logging.getLogger("presenca").error("%s", error)
        links: tuple[tuple[str, str], ...] = ((self.prefix + LOGIN, "Voltar e entrar de novo"),)
        if error.note.code in _OF_THE_ACCOUNT:  # the one that is open there would come back with the same
            links = ((f"{self.prefix}{PROVIDER}?{_ANOTHER}=1", "Usar outra conta"), *links)
        page = doors.message_page("Não deu para entrar", links=links, refused=messages.refusal(error))
        return Answer(_STATUS.get(error.note.code, 403), page, pending="")

    def _offer(self) -> doors.Provider | None:
        """What the login page says of the provider; nothing where its settings are not right, which the log says."""
        try:
            offer = by_provider.offered()
        except PresencaError as error:
            logging.getLogger("presenca").error("%s", messages.refusal(error))
            return None
        return doors.Provider(self.prefix + PROVIDER, offer.name, offer.only) if offer is not None else None

    def _on(self, way: str) -> str:
        return way if way.startswith(f"{self.prefix}/") else f"{self.prefix}/"

    def _logout(self, asked: Asked) -> Answer:
        if asked.method != "POST":
            return Answer(200, doors.logout_page(self.prefix + LOGOUT, f"{self.prefix}/"))
        entering.log_out(house.workspace(), asked.token)
        way_in, (name, there) = self.prefix + LOGIN, way_out(asked.origin + self.prefix)
        if not there:
            return Answer(303, location=way_in, token="")
        return Answer(200, doors.left_page(way_in, there, name), token="")

    def _invitation(self, asked: Asked) -> Answer:
        token, home = asked.path[len(INVITATION) :], house.workspace()
        try:
            user = entering.invited(home, token, asked.address)
        except PresencaError as error:
            status = 429 if error.note.code == "login.wait" else 410
            return Answer(status, doors.message_page("Convite", refused=messages.refusal(error)))
        said, action = (user.name, user.login, str(user.role)), self.prefix + asked.path
        if asked.method != "POST":
            return Answer(200, doors.invitation_page(action, *said))
        try:
            if asked.form.get("senha", "") != asked.form.get("de_novo", ""):
                raise PresencaError("password.unequal")
            entered = entering.accept(home, token, asked.form.get("senha", ""), asked.address)
        except PresencaError as error:
            return Answer(422, doors.invitation_page(action, *said, refused=messages.refusal(error)))
        entering.log_out(home, asked.token)
        return Answer(303, location=f"{self.prefix}/", token=entered.token)


def way_out(base: str) -> tuple[str, str]:
    """The provider's name and where a browser leaves it too, to come back to the login of `base`; "" for nowhere."""
    try:
        offer = by_provider.offered()
        return ("", "") if offer is None else (offer.name, by_provider.leaving(base, LOGIN))
    except PresencaError:  # settings that were made wrong meanwhile: nobody stays in for it
        return "", ""


def stand_up(app: App) -> Gate:
    """The gate before Streamlit's routes, by the settings that the server was started with."""
    global _standing
    _standing = True
    names = tuple(str(one) for one in st.get_option("server.allowedHosts") or ())
    here = Here(str(st.get_option("server.address") or ""), names)
    return Gate(app, HouseDoorman(_prefix()), here, _prefix(), scripts.hashes())


def _prefix() -> str:
    """The path under which the app is served, with its slash; "" for the root."""
    prefix = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{prefix}" if prefix else ""


def api_routes() -> list[Route]:
    """Where the API answers, beside the app; it is loaded with the first call."""
    api = mounting.Mounted(_prefix())
    return [Route(_prefix() + path, endpoint=api) for path in mounting.PATHS]


def while_served(_: Any) -> AbstractAsyncContextManager[dict[str, Any]]:
    """What runs as long as the server does."""
    return mounting.reading(house.workspace)


def stands() -> bool:
    """Whether the gate stands in this process: a page that is served without it shows nothing."""
    return _standing


def why_not_open() -> str:
    """Why the server does not start: other machines can reach it, and nobody was added who could be asked for a
    password; or the settings of the provider are not right. "" where it starts.
    """
    try:
        by_provider.offered()
    except PresencaError as error:
        return messages.refusal(error)
    address = str(st.get_option("server.address") or "")
    if hosts.is_loopback(address):
        return ""
    try:
        is_open = entering.is_open(house.workspace())
    except PresencaError as error:
        return messages.refusal(error)
    if not is_open:
        return ""
    return (
        f"Presença não abre para outras máquinas sem usuários (endereço {address or 'de todas as redes'}). "
        f"Acrescente a primeira pessoa, que cuidará das outras, e abra de novo:\n  {doors.ADD_FIRST}\n"
        f"Para usá-la só nesta máquina, sem usuários: {program.OPEN}"
    )
