"""What may not wait in a comment, with the sentence that shows it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class AlertFound:
    """An alert of a product (its `key`) and the sentence that shows it: `comment[start:end]`."""

    key: str
    start: int
    end: int


@dataclass(frozen=True)
class LeftOutComment:
    """A comment that may not wait, of a row that the checks left out: the row's number in its file, the code of the
    rule that left it out, the comment without what identifies a person, and its alerts.
    """

    row: int
    reason: str
    comment: str
    alerts: tuple[AlertFound, ...]


@dataclass(frozen=True)
class LeftOutComments:
    """Those of a data set, the gravest first; `unread`: rows left out by an earlier version, which kept no comment."""

    items: tuple[LeftOutComment, ...] = ()
    unread: int = 0
