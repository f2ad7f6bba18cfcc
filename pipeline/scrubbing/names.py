"""Where people are named in a comment: after titles, posts and kinship, where they say who they are, and alone.

Words are told apart by the first names of the census, common surnames and the words before them; what a hospital, a
street, a saint, a disease or a brand is called stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, lru_cache
from typing import NamedTuple

from pipeline.folding import fold_word
from pipeline.scrubbing import first_names
from pipeline.scrubbing import vocabulary as words

_TOKEN = re.compile(r"\[[^\[\]\n]{1,24}\]|[^\W\d_]+(?:['’][^\W\d_]+)?")
_NEAR = re.compile(r"[ \t]{0,3}(?:\([ao]\))?[.:,(\-–—\"“'ªº/]{0,2}[ \t\n]{0,3}")
_JOINED = re.compile(r"[ \t]{1,2}|\. ")
_LONGEST, _MOST_BETWEEN, _SHORT = 7, 6, 3
_CALLING = {word: calling for calling, listed in words.CALLINGS.items() for word in listed.split()}


class Lead(IntEnum):
    """What a word says of the name that may follow, the surest last."""

    NONE = 0
    YOUR = 1
    KIN = 2
    POST = 3
    SELF = 4
    COURTESY = 5
    TITLE = 6


@dataclass(frozen=True)
class Named:
    """A person's name at `start`..`end` of a text; `calling` is what they work as, "" of all others."""

    start: int
    end: int
    calling: str = ""


class _Word(NamedTuple):
    start: int
    end: int
    text: str
    folded: str
    capital: bool
    lead: Lead


@lru_cache(maxsize=100_000)
def _lead(folded: str) -> Lead:
    for lead, listed in (
        (Lead.TITLE, words.TITLES),
        (Lead.COURTESY, words.COURTESY),
        (Lead.KIN, words.KIN - words.SELF),
        (Lead.SELF, words.SELF),
        (Lead.POST, _CALLING),
        (Lead.YOUR, words.YOUR),
    ):
        if folded in listed:
            return lead
    return Lead.NONE


@cache
def _sure_triggers() -> frozenset[str]:
    """Folded words that alone give reason to look closer: plain first names, titles, what announces a name."""
    return (words.TITLES | words.COURTESY | words.SELF | first_names.plain_names()) - words.NEVER


@cache
def _doubtful_triggers() -> tuple[frozenset[str], frozenset[str]]:
    """Names that are words as well, and what must be there too: kin, a post, a surname, what people do."""
    doubtful = frozenset(first_names.ranks()) - _sure_triggers() - words.NEVER - words.JOINING - words.KIN
    beside = words.KIN | words.YOUR | words.SURNAMES | words.SERVED | words.SECTIONS | frozenset(_CALLING)
    return doubtful, beside - doubtful


def named(text: str, said: Set[str]) -> list[Named]:
    """The names of people in a text, in order, none overlapping; `said`: its distinct words, folded."""
    doubtful, beside = _doubtful_triggers()
    if _sure_triggers().isdisjoint(said) and (doubtful.isdisjoint(said) or beside.isdisjoint(said)):
        return []
    return _Reading(text).found()


class _Reading:
    """One text, word by word."""

    def __init__(self, text: str) -> None:
        self.text = text
        raw = [match for match in _TOKEN.finditer(text) if match[0][0] != "["]
        shown = _capitals_tell([match[0] for match in raw])
        self.words = [
            _Word(m.start(), m.end(), m[0], folded := fold_word(m[0]), shown and m[0][0].isupper(), _lead(folded))
            for m in raw
        ]

    def found(self) -> list[Named]:
        """All names, those of a signature at the end included."""
        names = list(self._walk())
        last = self._signature(names[-1].end if names else 0)
        return [*names, last] if last else names

    def _walk(self) -> Iterator[Named]:
        at = 0
        while at < len(self.words):
            word = self.words[at]
            if word.folded in words.UNITS and (past := self._past_place(at)) > at + 1:
                at = past
                continue
            start, end, calling = self._led(at) if word.lead else (at, self._alone(at), "")
            if end > start:
                yield self._named(start, end, calling)
                for first, last in self._added(end):
                    yield self._named(first, last, calling)
                    end = last
            at = max(at + 1, end)  # between a lead and what it leads to there is no name

    def _led(self, at: int) -> tuple[int, int, str]:
        """Start and end of the name that the lead at `at` announces (equal: none), and its bearer's calling."""
        start, calling, lead = self._after_lead(at)
        right_after = self.words[start - 1].lead > Lead.NONE
        return start, self._name_end(start, lead, led=right_after), calling

    def _named(self, start: int, end: int, calling: str) -> Named:
        return Named(self.words[start].start, self.words[end - 1].end, calling)

    def _gap(self, at: int) -> str:
        """What stands between a word and the one before it; a sign that parts everything at the text's ends."""
        inside = 0 < at < len(self.words)
        return self.text[self.words[at - 1].end : self.words[at].start] if inside else "\n\n\n\n"

    def _near(self, at: int, lead: Lead) -> bool:
        """Whether the word at `at` still belongs to what a lead announces: no sentence ends before it.

        The lead of a signature may stand on a line of its own.
        """
        gap = self._gap(at)
        if _NEAR.fullmatch(gap) is None:
            return False
        before = self.words[at - 1]
        short = before.lead >= Lead.COURTESY or len(before.text) <= _SHORT
        return lead == Lead.SELF or ("\n" not in gap and ("." not in gap or short))

    def _joined(self, at: int) -> bool:
        gap = self._gap(at)
        return gap == " " or (
            _JOINED.fullmatch(gap) is not None
            and (gap != ". " or self.words[at - 1].end - self.words[at - 1].start == 1)
        )

    def _past_place(self, at: int) -> int:
        """The first word after the name of a place, a disease or a brand that begins with the word at `at`."""
        last, here = at, at + 1
        while here < len(self.words) and self._joined_or_abbreviated(here):
            word = self.words[here]
            if word.lead and self.words[here - 1].folded in words.TO_PERSON:
                break
            if word.capital or (word.folded in first_names.plain_names() and last == here - 1):
                if word.lead in (Lead.KIN, Lead.POST) and not word.capital:
                    break
                last = here
            elif word.folded in words.UNIT_MORE:
                last = here if word.folded not in words.TO_PERSON else last
            elif word.folded not in words.JOINING:
                break
            here += 1
        return last + 1

    def _joined_or_abbreviated(self, at: int) -> bool:
        return self._gap(at) in (" ", ". ", ".") and (self._gap(at) == " " or self.words[at - 1].lead > Lead.NONE)

    def _after_lead(self, at: int) -> tuple[int, str, Lead]:
        """Where a name could start after the lead at `at`, of what calling its bearer would be, and the surest lead."""
        lead, calling, between, here = Lead.NONE, "", 0, at
        while here < len(self.words) and (here == at or self._near(here, lead)) and between <= _MOST_BETWEEN:
            word = self.words[here]
            if word.lead and not (word.capital and here > at and self._is_name(word)):
                lead = max(lead, word.lead)
                calling = calling or _CALLING.get(word.folded, "")
                between = 0
            elif self._between(word, lead):
                between += 1
            else:
                break
            here += 1
        return here, calling, lead

    @staticmethod
    def _between(word: _Word, lead: Lead) -> bool:
        if word.text in ("e", "E"):
            return lead == Lead.SELF
        return not word.capital and word.folded in words.BETWEEN or word.folded in ("e", "é") and not word.capital

    def _name_end(self, at: int, lead: Lead, *, led: bool) -> int:
        """The end of the name that starts at `at`, `at` itself where there is none. `led`: right after the lead."""
        if at >= len(self.words) or not self._near(at, lead):
            return at
        word, apart = self.words[at], any(sign in self._gap(at) for sign in ",-–—(")
        if word.folded in words.NEVER or (word.lead and not self._is_name(word)):
            return at
        plain = self._is_name(word) and word.folded not in words.BRANDS
        if plain and (word.capital or not apart or lead >= Lead.SELF):
            return self._extended(at)
        if lead == Lead.YOUR:
            return self._extended(at) if word.capital and self._surname_follows(at) else at
        known = word.folded in first_names.ranks() or word.folded in words.SURNAMES
        if word.capital:
            sure = lead in (Lead.TITLE, Lead.COURTESY) or (lead == Lead.SELF and led)
            return (
                self._extended(at) if known or (sure and len(word.text) >= _SHORT) or self._surname_follows(at) else at
            )
        return self._extended(at) if led and known and not apart and lead != Lead.SELF else at

    def _is_name(self, word: _Word) -> bool:
        return word.folded in first_names.plain_names()

    def _surname_follows(self, at: int) -> bool:
        here = at + 1
        while here < len(self.words) and self._joined(here) and self.words[here].folded in words.JOINING:
            here += 1
        return here < len(self.words) and self._joined(here) and self._goes_on(here, self.words[at].capital)

    def _extended(self, at: int) -> int:
        """The end of a name whose first word is at `at`."""
        end = here = at + 1
        while here < min(len(self.words), at + _LONGEST) and self._joined(here):
            word = self.words[here]
            if self._goes_on(here, self.words[at].capital):
                end = here + 1
            elif word.folded not in words.JOINING:
                break
            here += 1
        return end

    def _goes_on(self, at: int, capital: bool) -> bool:
        word = self.words[at]
        if word.folded in words.NEVER or word.folded in words.JOINING:
            return False
        if capital and word.capital:
            if len(word.text) == 1:
                return self.text[word.end : word.end + 2] == ". "  # an initial
            if self.words[at - 1].folded == "de" and word.folded not in words.SURNAMES:
                return word.folded in first_names.ranks()  # else a town: "Ana de Joinville"
            return word.lead == Lead.NONE or self._is_name(word) or word.folded in words.SURNAMES
        return not capital and (word.folded in words.LOOSE_SURNAMES or word.folded in first_names.plain_names())

    def _added(self, end: int) -> Iterator[tuple[int, int]]:
        """Further names after "e" or a comma: "Paula, Ana e Carla"."""
        while True:
            start = end
            if start < len(self.words) and self.words[start].text == "e" and self._joined(start):
                start += 1
                near = self._joined(start)
            else:
                near = self._gap(start) == ", "
            if not near or start >= len(self.words) or not self._adds(start):
                return
            end = self._extended(start)
            yield start, end

    def _adds(self, at: int) -> bool:
        word = self.words[at]
        return (
            word.folded in first_names.plain_names()
            and word.folded not in words.NEVER
            and (word.capital or first_names.ranks()[word.folded] < first_names.COMMON)
        )

    def _alone(self, at: int) -> int:
        """The end of a name that no lead announces."""
        word = self.words[at]
        rank = first_names.ranks().get(word.folded)
        if rank is None or word.folded in words.NEVER or word.folded in words.BRANDS:
            return at
        before = self.words[at - 1].folded if at and self._gap(at) == " " else ""
        if before in words.WHERE or before in words.UNITS:
            return at
        plain = word.folded in first_names.plain_names() and word.folded not in words.PLACES
        if word.capital:
            usual = plain and rank < first_names.USUAL
            named = usual or self._surname_follows(at) and self._family(at) or self._acts(at + 1)
        else:
            named = plain and rank < first_names.COMMON and (before in words.BEFORE_FREE or self._surname_follows(at))
        return self._extended(at) if named else at

    def _acts(self, at: int) -> bool:
        """Whether what stands at `at` is said of people: "…me atendeu", "…da recepção"."""
        next_two = [word.folded for word in self.words[at : at + 2]]
        return len(next_two) == 2 and (
            (next_two[0] in words.US and next_two[1] in words.SERVED)
            or (next_two[0] in words.JOINING and next_two[1] in words.SECTIONS)
        )

    def _family(self, at: int) -> bool:
        """Whether a surname of the list ends the name: two capitalised words may be anything."""
        return self.words[self._extended(at) - 1].folded in words.SURNAMES

    def _signature(self, after: int) -> Named | None:
        """A name in lower case that makes up all of the last sentence: "…um absurdo. maria silva"."""
        first = len(self.words)
        while first > 0 and len(self.words) - first < _LONGEST:
            first -= 1
            if not self._joined(first):
                break
        own = self.words[first:]
        if len(own) < 2 or first == 0 or own[0].start < after or own[0].folded not in first_names.plain_names():
            return None
        tail = [word for word in own[1:] if word.folded not in words.JOINING]
        if not tail or any(word.folded not in words.SURNAMES and not self._is_name(word) for word in tail):
            return None
        return Named(own[0].start, own[-1].end)


def _capitals_tell(said: list[str]) -> bool:
    """Whether capitals say something in these words: not where nearly all have one."""
    long = [word for word in said if len(word) >= _SHORT]
    raised = sum(word[0].isupper() for word in long)
    shouted = sum(word.isupper() for word in long)
    return shouted <= 0.6 * len(long) and (len(long) < 5 or raised <= 0.7 * len(long))
