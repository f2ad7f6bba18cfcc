"""What a page works out once: kept with the series, as long as what it was made of is the same.

Measures and names of values alone, never a row and nothing of a patient. What is made with the risks of past rows is
kept beside those instead (see `risk`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pipeline.records import from_plain, to_plain
from pipeline.services.session import Permission, Session, needs

T = TypeVar("T")
State = list[list[Any]]  # what an answer was made of, as JSON holds it
_MOST = 12  # answers of a kind and a series, newest last


@needs(Permission.OPEN)
def files_of(session: Session, series_id: str) -> State:
    """The files of a series in the revision in which they are, and its call lists, newest first: what answers about
    outcomes of lists are made of. What is over by now belongs to it too: the day.
    """
    space = session.workspace
    files = [[one.id, space.revision(one.id)] for one in space.datasets() if one.series == series_id]
    return [*files, [one.id for one in space.call_lists(series_id)], [str(session.today())]]


@dataclass(frozen=True)
class Kept(Generic[T]):
    """The answers of one kind (`kind`: names the setting) in a series; each is a `record`, or None where none can be.

    An answer has a name, such as the model that it is about, and the state of what it was made of.
    """

    session: Session
    kind: str
    series: str
    record: type[T]

    def known(self, name: str, state: State) -> T | None:
        """The answer, if it was worked out and still holds."""
        found = self._all().get(name)
        if found is None or found["of"] != state or found["found"] is None:
            return None
        return from_plain(self.record, found["found"])

    def worked_out(self, name: str, state: State, work_out: Callable[[], T | None]) -> T | None:
        """The answer, worked out where none is kept that still holds."""
        held = self._all().get(name)
        if held is not None and held["of"] == state:
            return self.known(name, state)
        found = work_out()
        rest = {key: value for key, value in self._all().items() if key != name}
        plain = {"of": state, "found": None if found is None else to_plain(found)}
        self.session.workspace.set_setting(self._setting, dict([*rest.items(), (name, plain)][-_MOST:]))
        return found

    @property
    def _setting(self) -> str:
        """What was worked out for whoever is of some units is theirs alone."""
        units = self.session.units
        told = "" if units is None else f":{hashlib.sha256(repr(sorted(units)).encode()).hexdigest()[:16]}"
        return f"{self.kind}:{self.series}{told}"

    def _all(self) -> dict[str, Any]:
        """What is kept; what an earlier version kept in another shape is no answer."""
        kept = self.session.workspace.setting(self._setting, {})
        return {name: one for name, one in kept.items() if isinstance(one, dict) and one.keys() == {"of", "found"}}
