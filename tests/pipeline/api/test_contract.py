"""Every operation does what the OpenAPI document says of it, whatever is sent: schemathesis tries it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from pipeline.access.gate import App, Receive, Send
from pipeline.access.request import Scope
from pipeline.api import routes, serving
from pipeline.records.integration import Arrival, ArrivalState, ScoringAsked
from pipeline.records.scores import RowScore, ScoresPiece, dump_piece
from pipeline.services import Workspace
from pipeline.services.arrivals import working
from pipeline.workspace.repositories.arrivals import Ended
from tests.pipeline.api.calling import Client, key_of

HOST = "127.0.0.1:8502"
FEW, MANY = 3, 60
# What no schema can say is refused with a code of its own; of what keeps to the schema, the form is never to blame.
UNREADABLE = ("api.unprocessable", "api.malformed", "api.media_type", "api.encoding", "sending.not_records")
OPERATIONS = sorted(f"{method} {path}" for method, path, _ in routes.operations())


class FromHere:
    """Calls an application as somebody on this machine would."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hands a request on."""
        await self.app({**scope, "client": ("127.0.0.1", 50_000), "server": ("127.0.0.1", 8502)}, receive, send)


class Contract:
    """The document of a live application, and what there is by name: a data set, a job, a product."""

    def __init__(self, workspace: Workspace) -> None:
        import schemathesis  # here: it takes a second to load, in each worker

        app, key = serving.application(workspace), key_of(workspace)
        self.headers = {"authorization": f"Bearer {key}", "host": HOST}
        self.there = _filled(workspace, Client(app, key))
        loaded = schemathesis.openapi.from_asgi("/api/openapi.json", FromHere(app), headers=self.headers)
        found = (one.ok() for one in loaded.get_all_operations())
        self.operations = {operation.label: operation for operation in found}

    def hold(self, label: str, examples: int) -> int:
        """Calls an operation with what it takes and what it does not, and checks each answer; gives how many."""
        from schemathesis import GenerationMode

        operation = self.operations[label]
        may_fail = len(operation.query) or len(operation.headers) or len(operation.body)
        modes = [GenerationMode.POSITIVE, *([GenerationMode.NEGATIVE] if may_fail else [])]
        return sum(self._tried(operation, mode, examples) for mode in modes)

    def _tried(self, operation: Any, mode: Any, examples: int) -> int:
        from schemathesis.specs.openapi.checks import positive_data_acceptance

        calls, named = 0, {one.name for one in operation.query}

        @settings(
            derandomize=True,
            max_examples=examples,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(operation.as_strategy(generation_mode=mode), st.booleans())
        def answered(case: Any, is_there: bool) -> None:
            nonlocal calls
            assume(set(case.query or {}) <= named)  # what no document names is passed over, as everywhere on the web
            calls += 1
            if is_there:
                there = self.there | ({"job": self.there["scoring"]} if "/scores" in operation.label else {})
                case.path_parameters = {name: there.get(name, "x") for name in case.path_parameters}
            answer = case.call(headers=self.headers)
            case.validate_response(answer, headers=self.headers, excluded_checks=[positive_data_acceptance])
            if mode.is_positive and 400 <= answer.status_code < 500:
                assert answer.json()["code"] not in UNREADABLE, answer.text

        answered()
        return calls


def _filled(workspace: Workspace, api: Client) -> dict[str, str]:
    """Something that was sent and read."""
    loan = {"card": "L0001", "taken_on": "01/09/2026", "due_on": "10/10/2026", "came_back": "No prazo"}
    job = api.post("/products/toy_library/records", json=[loan, loan | {"due_on": ""}]).json()["job"]
    working.read_waiting(workspace)
    (info,) = workspace.datasets("toy_library")
    found = {"product": "toy_library", "job": job, "dataset": info.id, "series": info.series, "model": "current"}
    return found | {"scoring": _scored(workspace, workspace.arrival(job))}


def _scored(workspace: Workspace, like: Arrival) -> str:
    """Three rows that a model which is gone has scored."""
    made = replace(like, id="5c0" * 4, state=ArrivalState.WAITING, scoring=ScoringAsked("0" * 12))
    workspace.add_arrival(made, b"")
    rows = [RowScore(row, 0.5, None, {"shelf": 0.1}, (), None) for row in (1, 2, 3)]
    workspace.put_score_piece(made.id, 0, dump_piece(ScoresPiece(dt.date(2026, 11, 23), 0.4, tuple(rows))))
    workspace.end_arrivals([Ended(made.id, rows=len(rows))])
    return made.id


@pytest.fixture
def contract(workspace: Workspace) -> Iterator[Contract]:
    yield Contract(workspace)


def test_every_operation_keeps_to_its_document(contract: Contract) -> None:
    assert sorted(contract.operations) == OPERATIONS
    calls = {label: contract.hold(label, FEW) for label in OPERATIONS}
    assert all(calls.values())
    print(f"{sum(calls.values())} calls of {len(calls)} operations")


@pytest.mark.slow
@pytest.mark.parametrize("label", OPERATIONS)
def test_every_operation_keeps_to_its_document_for_long(contract: Contract, label: str) -> None:
    assert contract.hold(label, MANY) >= 1
