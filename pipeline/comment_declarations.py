"""What a product declares of comments: the themes they may speak of, the alerts that stand above all lists, and the
sentences of which replies are made.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.declaring import KEY, require

TONES = FORMAL, CLOSE = ("formal", "close")
REPLY_PARTS = OPENING, BODY, CLOSING = ("opening", "body", "closing")
REPLY_BLANKS = frozenset({"clinica", "canal"})  # what whoever sends a reply fills in
LONGEST_REPLY = 700  # characters of a whole reply

_BLANK = re.compile(r"\{([^{}]*)\}")
_TERM = re.compile(r"^[a-z]+( [a-z]+)*\*?$")
_WORDS = r"[a-z]+\*?(/[a-z]+\*?)*"
_PHRASE = re.compile(rf"^{_WORDS}( \.{{2,3}})?( {_WORDS}\??( \.{{2,3}})?)*(?<!\.)$")


@dataclass(frozen=True)
class Theme:
    """A theme of comments, with the words that show it:
    folded (lower case, no accents), "esper*" for all that begin so.

    `unless`: phrases in which these words say something else ("sistema de saude"). `parent`: the theme of which this
    is a part, which is spoken of wherever its parts are.
    """

    key: str
    label: str
    terms: tuple[str, ...]
    unless: tuple[str, ...] = ()
    parent: str = ""

    def __post_init__(self) -> None:
        require(
            bool(KEY.match(self.key) and self.label and self.terms), f"theme {self.key!r} lacks a key, label or terms"
        )
        odd = [term for term in (*self.terms, *self.unless) if not _TERM.match(term)]
        require(not odd, f"theme {self.key}: terms must be folded words: {odd}")


@dataclass(frozen=True)
class Alert:
    """What may not wait, whatever the stars: harm, death, a threat of lawsuit.

    `phrases` show it, and none of `unless` may overlap the words that do ("risco de morte"). A phrase is of folded
    words (lower case, no accents): "quase morr*" (all that begin so), "errou/erraram .. dose" (one of these; up to
    three words between), "... uti" (up to six), "na uti?" (that may be missing, never at the beginning).
    A negation before a phrase undoes it ("nao houve erro"): no phrase need say so.
    `code` is what downloads carry; an answer is due within `answer_hours`. Alerts are declared the gravest first.
    """

    key: str
    code: str
    label: str
    phrases: tuple[str, ...]
    unless: tuple[str, ...] = ()
    answer_hours: int = 24

    def __post_init__(self) -> None:
        require(
            bool(KEY.match(self.key) and KEY.match(self.code) and self.label and self.phrases),
            f"alert {self.key!r} lacks a key, code, label or phrases",
        )
        require(self.answer_hours > 0, f"alert {self.key}: an answer is due after some hours")
        odd = [phrase for phrase in (*self.phrases, *self.unless) if not _PHRASE.match(phrase)]
        require(not odd, f"alert {self.key}: phrases must be of folded words: {odd}")


@dataclass(frozen=True)
class Reply:
    """A part of a suggested reply, in a tone: for comments of these `themes`, of these alerts (by their `code`), or,
    where neither is named, for any other. `praise`: for those who praise.

    The text admits no fault, promises nothing and names nobody; {clinica} and {canal} are left for whoever sends it.
    """

    tone: str
    part: str
    text: str
    themes: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()
    praise: bool = False

    def __post_init__(self) -> None:
        require(self.tone in TONES and self.part in REPLY_PARTS, f"reply {self.text[:30]!r}: an unknown tone or part")
        require(self.text.endswith((".", ",", "!")), f"reply {self.text[:30]!r} is no whole sentence")
        odd = set(_BLANK.findall(self.text)) - REPLY_BLANKS
        require(not odd, f"reply {self.text[:30]!r}: unknown blanks {odd}")
        ways = sum(map(bool, (self.themes, self.alerts, self.praise)))
        require(ways <= 1, f"reply {self.text[:30]!r} is for themes, for alerts or for praise")
