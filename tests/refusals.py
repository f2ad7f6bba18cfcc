"""An expected refusal, held against what a person is told: sentences are made of its code where it is shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from pipeline.errors import PresencaError
from pipeline.presentation.locale import messages


def told(error: PresencaError) -> str:
    """The sentence and its hint, with plain blanks."""
    return messages.refusal(error).replace("\u00a0", " ")


@contextmanager
def refused(
    kind: type[PresencaError] | tuple[type[PresencaError], ...], match: str = ""
) -> Iterator[pytest.ExceptionInfo]:
    """What stands inside is refused by an error of `kind`, in words that `match` finds."""
    with pytest.raises(kind) as caught:
        yield caught
    assert re.search(match, told(caught.value), re.DOTALL), told(caught.value)
