"""Who bears the waiting that extra bookings make, by group, and the choice of slots in which no group bears much more
than all do: burden of the worst-off group ≤ (1 + bound) × mean burden.

The burden of somebody booked is the wait that extra bookings add for them if they come (minutes); a group's is the mean
over its people, each by their chance of coming. It is added up over all sessions of a plan, and over what was before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.action.slots.queue import waits
from pipeline.records.slots import ClinicSession, GroupBurden, OverbookingPolicy

ALL = ""  # the name of all groups together, in what was borne before
OTHERS = ""  # the value of the small groups of a dimension, taken together
_EXACT = 1e-9
Slots = tuple[int, ...]


@dataclass(frozen=True)
class Burdens:
    """`members` of each session: (T, G + 1) who is in which group, the last column everybody; `people`, `borne`
    (G + 1,): people who come, of these sessions and before, and minutes that they bore before.
    """

    names: tuple[str, ...]
    sessions: tuple[ClinicSession, ...]
    members: tuple[np.ndarray, ...]
    people: np.ndarray
    borne: np.ndarray
    show: float

    @classmethod
    def of(
        cls, sessions: Sequence[ClinicSession], policy: OverbookingPolicy, borne: Mapping[str, GroupBurden]
    ) -> Burdens:
        """Of sessions whose groups of fewer than `policy.least` people are taken together, by dimension."""
        folded = _folded(sessions, borne, policy.least)
        names = tuple(dict.fromkeys(folded.values()))
        place = {name: names.index(other) for name, other in folded.items()}
        members = tuple(_members(session, place, len(names)) for session in sessions)
        people, minutes = np.zeros(len(names) + 1), np.zeros(len(names) + 1)
        for session, inside in zip(sessions, members, strict=True):
            people += np.array(session.come) @ inside
        for name, before in borne.items():
            at = len(names) if name == ALL else place[name]
            people[at] += before.people
            minutes[at] += before.people * before.minutes
        return cls(names, tuple(sessions), members, people, minutes, policy.show)

    def of_session(self, session: int, slots: np.ndarray) -> np.ndarray:
        """(…, G + 1) minutes that extra bookings in these slots (…, T of 0 or 1) add for the people of each group."""
        come = np.array(self.sessions[session].come)
        refilled = 1 - (1 - come) * (1 - np.array(self.sessions[session].refill))
        added = waits(refilled, slots * self.show).booked  # without extra bookings nobody waits
        return np.asarray((added * come * self.sessions[session].minutes) @ self.members[session])

    def minutes(self, chosen: Sequence[Slots]) -> np.ndarray:
        """(G + 1,) minutes in all, with what was before."""
        return self.borne + sum(
            (self.of_session(place, _marks(slots, len(self.members[place]))) for place, slots in enumerate(chosen)),
            np.zeros(len(self.borne)),
        )

    def excess(self, minutes: np.ndarray, bound: float) -> np.ndarray:
        """(…, G) by how many minutes a person's burden lies above what is allowed; of groups without people, 0."""
        each = minutes / np.maximum(self.people, _EXACT)
        over = each[..., :-1] - (1 + bound) * each[..., -1:]
        return np.where(self.people[:-1] > 0, over, 0.0)

    def told(self, chosen: Sequence[Slots]) -> tuple[float, tuple[GroupBurden, ...]]:
        """The mean burden, and each group's, the worst-off first."""
        each = self.minutes(chosen) / np.maximum(self.people, _EXACT)
        groups = [
            GroupBurden(name, float(people), float(minutes))
            for name, people, minutes in zip(self.names, self.people, each, strict=False)
            if people > 0
        ]
        return float(each[-1]), tuple(sorted(groups, key=lambda group: (-group.minutes, group.group)))


def fair(burdens: Burdens, wished: Sequence[Slots], bound: float) -> list[Slots]:
    """The wished slots, changed until no group's burden lies above the bound: each step moves one extra booking to
    another slot of its session, or else drops it, whichever leaves the worst-off group best. Drops end at none.
    """
    chosen, moves = list(wished), 2 * sum(map(len, wished))
    minutes = burdens.minutes(chosen)
    ways = {session: _ways(burdens, session, slots) for session, slots in enumerate(chosen) if slots}
    while ways and burdens.excess(minutes, bound).max(initial=0.0) > _EXACT:
        session, way = _best(burdens, ways, minutes, bound, moving=moves > 0)
        slots, added = ways[session].slots[way], ways[session].added[way]
        moves -= len(slots) == len(chosen[session])
        chosen[session], minutes = slots, minutes + added
        if slots:
            ways[session] = _ways(burdens, session, slots)
        else:
            del ways[session]
    return chosen


@dataclass(frozen=True)
class _Ways:
    """What may be changed in a session: the slots after each change, the drops first, and the minutes (n, G + 1) that
    it adds to each group.
    """

    slots: tuple[Slots, ...]
    added: np.ndarray
    drops: int


def _best(
    burdens: Burdens, ways: Mapping[int, _Ways], minutes: np.ndarray, bound: float, *, moving: bool
) -> tuple[int, int]:
    """(session, which of its ways): the move after which the worst-off group is best, if that helps; else the drop."""
    moves, drops = [], []
    for session, each in ways.items():
        worst = burdens.excess(minutes + each.added, bound).max(axis=-1, initial=0.0)
        drop = int(np.argmin(worst[: each.drops]))
        drops.append((float(worst[drop]), session, drop))
        if moving and len(worst) > each.drops:
            move = each.drops + int(np.argmin(worst[each.drops :]))
            moves.append((float(worst[move]), session, move))
    now = float(burdens.excess(minutes, bound).max(initial=0.0))
    helping = [found for found in moves if found[0] < now - _EXACT]
    return min(helping or drops)[1:]


def _ways(burdens: Burdens, session: int, slots: Slots) -> _Ways:
    """Each way to drop one extra booking of a session, or to put it in another booked slot."""
    come = burdens.sessions[session].come
    free = [slot for slot, chance in enumerate(come) if chance > 0 and slot not in slots]
    rests = [tuple(slot for slot in slots if slot != gone) for gone in slots]
    tried = (*rests, *(tuple(sorted((*rest, slot))) for rest in rests for slot in free))
    marks = np.stack([_marks(one, len(come)) for one in (*tried, slots)])
    minutes = burdens.of_session(session, marks)
    return _Ways(tried, minutes[:-1] - minutes[-1], len(rests))


def _marks(slots: Slots, size: int) -> np.ndarray:
    marks = np.zeros(size)
    marks[list(slots)] = 1.0
    return marks


def _members(session: ClinicSession, place: Mapping[str, int], groups: int) -> np.ndarray:
    members = np.zeros((len(session.come), groups + 1))
    members[:, -1] = 1.0
    for slot, names in enumerate(session.groups):
        for name in names:
            members[slot, place[name]] = 1.0
    return members


def _folded(sessions: Sequence[ClinicSession], borne: Mapping[str, GroupBurden], least: int) -> dict[str, str]:
    """The name under which each group is counted: its own, or that of the small ones of its dimension."""
    people: dict[str, float] = {name: before.people for name, before in borne.items() if name != ALL}
    for session in sessions:
        for chance, names in zip(session.come, session.groups, strict=True):
            for name in names:
                people[name] = people.get(name, 0.0) + chance
    small = {name for name, number in people.items() if number < least}
    return {name: f"{name.partition('=')[0]}={OTHERS}" if name in small else name for name in people}
