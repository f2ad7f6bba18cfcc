"""Two ways of contacting that lists drew against each other: what came of each, as they were drawn."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from pipeline.action.effects import effect
from pipeline.action.effects.effect import Listed
from pipeline.records.contacts import SECOND_WAY, CallList, Compared, ListEntry
from pipeline.records.effects import ArmsCompared
from pipeline.services.session import Permission, Session, needs

USUAL_TEXT = ""  # the name of the scripts among two wordings


@needs(Permission.READ_AGGREGATES)
def compared(
    session: Session, lists: Sequence[CallList], came: Mapping[str, int], value: Mapping[str, float]
) -> tuple[ArmsCompared, ...]:
    """The second way of each comparison of these lists (newest first) against its first, by what each appointment came
    to (`came`: a CameTo by key, of those that are told) and its slot is worth (R$); the newest comparison first.
    """
    drawn: dict[tuple[str, str, str], dict[str, tuple[ListEntry, float]]] = defaultdict(dict)
    patients: dict[tuple[tuple[str, str, str], str], tuple[float, dt.date]] = {}
    names = {one.settings.compared.name: one.settings.compared for one in lists if one.settings.compared is not None}
    for made in reversed(lists):
        asked = made.settings.compared
        for one in () if asked is None else session.workspace.call_list_entries(made.id):
            assert asked is not None
            share, until = patients.get((asked.name, one.patient), (0.0, dt.date.min))
            share = share if until >= made.as_of else asked.share
            patients[asked.name, one.patient] = share, max(one.day, until)
            if one.way and one.key in came:
                drawn[asked.name].setdefault(one.key, (one, share))
    return tuple(_compared(asked, list(drawn[name].values()), came, value) for name, asked in names.items())


def _compared(
    asked: Compared, drawn: Sequence[tuple[ListEntry, float]], came: Mapping[str, int], value: Mapping[str, float]
) -> ArmsCompared:
    """Whoever stays in an earlier list's way stays with the odds by which it was drawn."""
    entries = [one for one, _ in drawn]
    second = np.array([one.way == SECOND_WAY for one in entries], dtype=bool)
    listed = Listed(
        second,
        np.array([came[one.key] for one in entries], dtype=np.int64),
        np.array([one.patient for one in entries], dtype=object).astype(str),
        np.array([one.stratum for one in entries], dtype=np.int64),
        np.array([1 - share for _, share in drawn], dtype=np.float64),
        np.array([value[one.key] for one in entries], dtype=np.float64),
    )
    names = (asked.first, asked.second)
    return ArmsCompared(str(asked.kind), names, effect.of_arms(listed, second.astype(np.int64), names))
