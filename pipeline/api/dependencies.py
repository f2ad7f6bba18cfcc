"""What a route is handed: the session of whoever calls, once it may do what the route does, and their language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request

from pipeline.access.gate import CALLER
from pipeline.api.problems import Refused
from pipeline.presentation.sentences import languages
from pipeline.presentation.sentences.languages import Language
from pipeline.records import Permission
from pipeline.services import Session


class NoKey(Refused):
    """Nobody that is known calls: the gate was not asked, or let somebody else in."""

    def __init__(self) -> None:
        super().__init__("api.key")


class Needs:
    """The session of whoever calls a route, if the use case behind it is open to them; else 401 or 403, before
    anything of the request is read. The use case refuses by itself all the same.
    """

    def __init__(self, use_case: Callable[..., object]) -> None:
        self.use_case = use_case
        self.permission: Permission = use_case.permission  # type: ignore[attr-defined]

    def __call__(self, request: Request) -> Session:
        """NoKey without a caller; PresencaError "session.…" where they lack the permission."""
        found = request.scope.get(CALLER)
        if not isinstance(found, Session):
            raise NoKey
        if not found.allows(self.use_case):
            raise Refused(found.refusal(self.permission))
        return found


def language(request: Request) -> Language:
    """The language that the caller reads."""
    return languages.asked_for(request.headers.get("accept-language", ""))


Told = Annotated[Language, Depends(language)]
