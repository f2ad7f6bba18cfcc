"""When somebody who waits can come: "segunda e quarta, de manhã" as days of the week and times of day."""

from __future__ import annotations

import re

from pipeline.folding import fold
from pipeline.records.slots import SHIFTS

_LONGEST = 200  # characters of a cell that are read
_NAMES = (
    ("segunda", "monday"),
    ("terca", "tuesday"),
    ("quarta", "wednesday"),
    ("quinta", "thursday"),
    ("sexta", "friday"),
    ("sabado", "saturday"),
    ("domingo", "sunday"),
)
_DAYS = {
    written: day
    for day, names in enumerate(_NAMES)
    for name in names
    for written in (name, f"{name}s", name[:3])  # "ter" and "qua" stand for days where days are asked for
}
_NUMBERED = re.compile(r"\b([2-6]) ?a\b")
_UNTIL, _BESIDE = ("a", "ate", "to"), ("feira", "feiras")
_BUT = ("exceto", "menos", "nao", "except", "not")
_SHIFTS = {
    "manha": "morning",
    "manhas": "morning",
    "matutino": "morning",
    "morning": "morning",
    "m": "morning",
    "tarde": "afternoon",
    "tardes": "afternoon",
    "vespertino": "afternoon",
    "afternoon": "afternoon",
    "t": "afternoon",
    "noite": "evening",
    "noites": "evening",
    "noturno": "evening",
    "evening": "evening",
    "n": "evening",
}


def weekdays(text: str) -> tuple[int, ...]:
    """The days of the week (0 is Monday) that a text names, with those between in "segunda a sexta", without those
    after "exceto" or "menos"; none where it names none: any day will do.
    """
    words = _NUMBERED.sub(lambda found: _NAMES[int(found[1]) - 2][0], fold(text[:_LONGEST])).split()
    cut = next((place for place, word in enumerate(words) if word in _BUT), len(words))
    named, but = _named(words[:cut]), _named(words[cut:])
    return tuple(sorted((named or set(range(len(_NAMES)))) - but)) if but else tuple(sorted(named))


def _named(words: list[str]) -> set[int]:
    named: set[int] = set()
    last, until = -1, False
    for word in words:
        day = _DAYS.get(word, -1)
        if day >= 0:
            named |= _between(last, day) if until and last >= 0 else {day}
            last, until = day, False
        elif word not in _BESIDE:
            until = word in _UNTIL
    return named


def shifts(text: str) -> tuple[str, ...]:
    """The times of day that a text names; none where it names none."""
    named = {_SHIFTS[word] for word in fold(text[:_LONGEST]).split() if word in _SHIFTS}
    return tuple(name for name in SHIFTS if name in named)


def _between(first: int, last: int) -> set[int]:
    """From one day to another, over the end of the week if need be."""
    week = len(_NAMES)
    return {day % week for day in range(first, (last if last >= first else last + week) + 1)}
