"""One session as a queue: fixed slots, one server, everybody on time, some booked twice.

The model of LaGanga & Lawrence (2007), Decision Sciences 38: 251: a slot's length is what a patient takes, whoever is
not seen in a slot is seen in the next, and what is left at the end is overtime. Exact: the backlog (in patients) before
each slot is a distribution that is carried from slot to slot.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Waits:
    """In slots of time. `booked` (…, T): expected wait of whoever is booked, if they come; `extra` (…, T): of whoever
    is booked beyond them; `overtime` and `idle` (…): of the whole session.
    """

    booked: np.ndarray
    extra: np.ndarray
    overtime: np.ndarray
    idle: np.ndarray


def waits(come: np.ndarray, extra: np.ndarray) -> Waits:
    """`come`, `extra` (…, T): the chances that whoever is booked in each slot comes, and whoever is booked beyond them.

    Where both come, chance decides who is seen first.
    """
    come, extra = np.broadcast_arrays(come, extra)
    slots = come.shape[-1]
    deepest = int((extra > 0).sum(axis=-1).max(initial=0))
    backlog = np.zeros((*come.shape[:-1], deepest + 1))
    backlog[..., 0] = 1.0
    people, before = np.arange(deepest + 1), np.empty(come.shape)
    idle = np.zeros(come.shape[:-1])
    for slot in range(slots):
        before[..., slot] = backlog @ people
        one, other = come[..., slot, None], extra[..., slot, None]
        nobody, both = (1 - one) * (1 - other), one * other
        idle += backlog[..., 0] * nobody[..., 0]
        after = backlog * (1 - nobody - both)
        after[..., :-1] += backlog[..., 1:] * nobody
        after[..., :1] += backlog[..., :1] * nobody
        after[..., 1:] += backlog[..., :-1] * both
        backlog = after
    return Waits(before + extra / 2, before + come / 2, backlog @ people, idle)


def cost(come: np.ndarray, extra: np.ndarray, overtime: float) -> np.ndarray:
    """(…) Slots of time that all who come wait, and of overtime, weighed by `overtime`."""
    found = waits(come, extra)
    return np.asarray((come * found.booked + extra * found.extra).sum(axis=-1) + overtime * found.overtime)
