"""Refusals that are expected: each is a code with its values, said in Portuguese by `presentation.locale.messages`.

Anything else that is raised is a fault of ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.records.note import Note, note


class PresencaError(Exception):
    """An expected refusal: what and where, by `code` and its values; the code's hint says how to go on."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.note = note(code, **params)

    def __str__(self) -> str:
        values = ", ".join(f"{name}={value!r}" for name, value in self.note.params.items())
        return f"{self.note.code} ({values})" if values else self.note.code


class UnreadableFile(PresencaError):
    """The file can't be read at all: not a table, damaged, protected, or over a limit."""


class MissingFields(PresencaError):
    """The file was read, but lacks a column without which nothing can be done.

    `missing`: labels of the fields, or a note where one of several would do; `found`: headers of the file, empty where
    they can't be shown, and `more` of them that are not named; `instead`: what the file rather is.
    """

    def __init__(
        self,
        missing: Sequence[str | Note],
        found: Sequence[str] = (),
        file_name: str = "",
        instead: Note | None = None,
        more: int = 0,
    ) -> None:
        self.missing, self.found, self.more = tuple(missing), tuple(found), more
        values: dict[str, Any] = {
            "missing": self.missing,
            "found": self.found,
            "more": more,
            "file_name": file_name,
            "instead": instead,
        }
        super().__init__("fields.missing", **values)


class NotEnoughData(PresencaError):
    """Too few rows, or too few of one outcome, to train or to judge."""


class UnsafeBundle(PresencaError):
    """A model file that is damaged or was crafted: it is not opened."""


class IncompatibleBundle(PresencaError):
    """A sound model file of another version or another product."""


class WorkspaceError(PresencaError):
    """The workspace can't do what was asked: gone, locked, full, or of a newer version."""


class LostRecords(WorkspaceError):
    """The folder of a workspace holds data sets or models, and the file of records is empty or gone."""

    def __init__(self, datasets: int, models: int) -> None:
        self.datasets, self.models = datasets, models
        held = (("workspace.kept_datasets", datasets), ("workspace.kept_models", models))
        super().__init__("workspace.lost_records", kept=[note(code, count=count) for code, count in held if count])


class Cancelled(PresencaError):
    """The person asked to stop."""

    def __init__(self) -> None:
        super().__init__("cancelled")
