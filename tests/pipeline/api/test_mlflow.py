"""MLflow's protocol: the very bytes that its client (3.17) sends of a made-up frame, and its other forms."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.api import serving
from pipeline.errors import PresencaError
from pipeline.ingestion.frame_records import from_mlflow
from pipeline.records.integration import KeyScope
from pipeline.services import Workspace
from tests.pipeline.api.calling import Client, key_of

SENT = Path(__file__).parent / "sent_by_mlflow"
ROWS = json.loads((SENT / "mlflow_records.json").read_bytes())["dataframe_records"]


def test_every_form_is_scored_as_the_same_rows(clinic: tuple[Workspace, Path]) -> None:
    client = Client(serving.application(clinic[0]), key_of(clinic[0], KeyScope.SCORE))
    wanted = [one["risk"] for one in client.post("/models/current/score", json=ROWS).json()["scores"]]
    assert len(wanted) == len(ROWS) and sum(risk is not None for risk in wanted) >= 2
    for path in sorted(SENT.iterdir()):
        kind = "text/csv" if path.suffix == ".csv" else "application/json"
        told = client("POST", "/invocations", content=path.read_bytes(), headers={"content-type": kind})
        assert told.status_code == 200 and told.json() == {"predictions": wanted}, path.name
    ping = client("GET", "/ping")
    assert ping.status_code == 200 and ping.text == "\n"
    other = client("POST", "/invocations", content=b"<a/>", headers={"content-type": "application/xml"})
    assert other.status_code == 415


BAD = [
    ({}, "sending.not_records"),
    ({"inputs": [{"a": 1}], "instances": [{"a": 1}]}, "sending.not_records"),
    ({"inputs": "x"}, "sending.not_records"),
    ({"dataframe_split": {"columns": ["a"], "data": [[1, 2]]}}, "sending.not_a_frame"),
    ({"dataframe_split": {"columns": ["a", "a"], "data": [[1, 2]]}}, "sending.not_a_frame"),
    ({"inputs": {"a": [1, 2], "b": [1]}}, "sending.not_a_frame"),
    ({"dataframe_records": []}, "sending.empty"),
    ({"inputs": {}}, "sending.empty"),
    ({"inputs": {"a": []}}, "sending.empty"),
]


@pytest.mark.parametrize(("body", "code"), BAD)
def test_what_is_no_frame_is_refused(body: dict[str, object], code: str) -> None:
    with pytest.raises(PresencaError) as caught:
        from_mlflow(json.dumps(body).encode())
    assert caught.value.note.code == code


def test_columns_are_turned_into_rows() -> None:
    told = from_mlflow(b'{"inputs": {"a": [1, null], "b": ["x", "y"]}, "params": {}}')
    assert told == [{"a": 1, "b": "x"}, {"a": None, "b": "y"}]
    assert from_mlflow(b'{"inputs": {"a": [NaN, 1]}}') == [{"a": None}, {"a": 1}]
    split = b'{"dataframe_split": {"index": [4], "columns": ["a", "b"], "data": [[1, "x"]]}}'
    assert from_mlflow(split) == [{"a": 1, "b": "x"}]
