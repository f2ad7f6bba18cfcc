"""An expected refusal, held against what a person is told: sentences are made of its code where it is shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import pytest

from pipeline.errors import PresencaError
from pipeline.presentation.locale import messages
from pipeline.records import Note


def told(error: PresencaError) -> str:
    """The sentence and its hint, with plain blanks."""
    return messages.refusal(error).replace("\u00a0", " ")


class HasNotes(Protocol):
    """A table or a file with remarks on it."""

    @property
    def notes(self) -> tuple[Note, ...]: ...


def said_of(noted: HasNotes) -> list[str]:
    """The sentences of the notes, with plain blanks."""
    return [messages.say(item).replace("\u00a0", " ") for item in noted.notes]


@contextmanager
def refused(
    kind: type[PresencaError] | tuple[type[PresencaError], ...], match: str = ""
) -> Iterator[pytest.ExceptionInfo]:
    """What stands inside is refused by an error of `kind`, in words that `match` finds."""
    with pytest.raises(kind) as caught:
        yield caught
    assert re.search(match, told(caught.value), re.DOTALL), told(caught.value)
