"""What a system reads when it is refused: JSON of RFC 9457, by our codes, in Portuguese or English."""

from __future__ import annotations

import json
from typing import Any

from pipeline.errors import PresencaError, WorkspaceError
from pipeline.presentation.sentences import languages
from pipeline.presentation.sentences.languages import Language
from pipeline.records import Note, note

CONTENT_TYPE = "application/problem+json"
_STATUS = {
    "product.unknown": 404,
    "workspace.unknown_id": 404,
    "arrivals.gone": 404,
    "job.one_at_a_time": 409,
    "job.not_waiting": 409,
    "records.disk_full": 507,
    "records.busy": 503,
    "records.server_away": 503,
    "records.server_full": 507,
    "disk.refused": 507,
    "store.away": 503,
    "store.no_access": 503,
    "store.changed_elsewhere": 409,
    "api.busy": 503,
    "api.too_large": 413,
    "api.media_type": 415,
    "api.encoding": 415,
    "api.slow": 408,
    "api.malformed": 400,
    "api.cursor": 400,
    "model.none_in_use": 409,
    "agenda.begun": 409,
    "agenda.by_job": 409,
    "scores.not_ready": 409,
    "sending.not_records": 422,
}


class Refused(PresencaError):
    """A request that the API itself refuses, before a use case is asked."""


def status_of(error: PresencaError) -> int:
    """The HTTP status of a refusal."""
    code = error.note.code
    if code in _STATUS:
        return _STATUS[code]
    if code.startswith("session."):
        return 403
    if code.endswith((".gone", "_gone")):
        return 404
    if isinstance(error, WorkspaceError) and code.startswith(("records.", "workspace.", "key.")):
        return 503
    return 422


def problem(status: int, said: Note | str, language: Language, **more: Any) -> dict[str, Any]:
    """The members of a problem. `said`: what is refused, as a note or by its code; `more`: members of ours."""
    told = note(said) if isinstance(said, str) else said
    detail = languages.told(told, language)
    return {
        "type": f"problems/{told.code}",
        "title": languages.of_status(status, language),
        "status": status,
        "detail": detail,
        "code": told.code,
    } | more


def body(status: int, said: Note | str, language: Language, **more: Any) -> bytes:
    """A problem as it is sent."""
    return json.dumps(problem(status, said, language, **more), ensure_ascii=False).encode()
