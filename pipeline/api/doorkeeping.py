"""What the gate asks of the API: who calls with a key, and what a refused caller reads."""

from __future__ import annotations

from collections.abc import Callable

from typing_extensions import override

from pipeline.access.gate import Answer, Asked, Doorman, Verdict
from pipeline.api import problems
from pipeline.presentation.sentences import languages
from pipeline.services import Workspace


def caller(workspace: Workspace, key: str) -> object | None:
    """The session of whoever calls with this key; None for nobody."""
    from pipeline.services.people import keys  # what opens a workspace is loaded with the first call

    return keys.admitted(workspace, key)


def problem(status: int, code: str, wanted: str) -> bytes:
    """What a refused caller reads. `code`: the gate's; `wanted`: as the request asks for languages."""
    return problems.body(status, f"api.{code}", languages.asked_for(wanted))


class KeyDoorman(Doorman):
    """Stands where nothing but the API is served: whoever has a key is in, and there is no page."""

    def __init__(self, workspace: Callable[[], Workspace]) -> None:
        self._workspace = workspace

    @override
    def caller(self, key: str) -> object | None:
        return caller(self._workspace(), key)

    @override
    def problem(self, status: int, code: str, languages: str) -> bytes:
        return problem(status, code, languages)

    @override
    def verdict(self, token: str) -> Verdict:
        return Verdict.OUT

    @override
    def answer(self, asked: Asked) -> Answer:
        return Answer(404)

    @override
    def refusal(self, code: str) -> str:
        return ""
