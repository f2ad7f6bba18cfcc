"""What a product declares of comments: the themes they may speak of, the alerts that stand above all lists, and the
sentences of which replies are made.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.declaring import KEY, require, unique

TONES = FORMAL, CLOSE = ("formal", "close")
REPLY_PARTS = OPENING, BODY, CLOSING = ("opening", "body", "closing")
REPLY_BLANKS = frozenset({"clinica", "canal"})  # what whoever sends a reply fills in
LONGEST_REPLY = 700  # characters of a whole reply

_BLANK = re.compile(r"\{([^{}]*)\}")
_WORDS = r"[a-z]+\*?(/[a-z]+\*?)*"
_PHRASE = re.compile(rf"^{_WORDS}( \.{{2,3}})?( {_WORDS}\??( \.{{2,3}})?)*(?<!\.)$")
TERM = re.compile(r"^(?:[a-z]+\*?|#)(?: (?:[a-z]+\*?|#|~))*$")
_MOST_GAPS = 2  # of one term: each makes five ways to read on


@dataclass(frozen=True)
class Theme:
    """A theme of comments, with the words that show it:
    folded (lower case, no accents), "esper*" for all that begin so, "#" for a number, "~" for up to four words.

    `unless`: phrases in which these words say something else ("sistema de saude"). `parent`: the theme of which this
    is a part, which is spoken of wherever its parts are; `within`: its words count only in a clause that holds words
    of the parent as well ("triagem" is waiting where somebody waits). `code` is what downloads carry.
    """

    key: str
    label: str
    terms: tuple[str, ...]
    unless: tuple[str, ...] = ()
    parent: str = ""
    within: bool = False
    code: str = ""

    def __post_init__(self) -> None:
        require(
            bool(KEY.match(self.key) and self.label and self.terms), f"theme {self.key!r} lacks a key, label or terms"
        )
        require(bool(self.parent) or not self.within, f"theme {self.key}: within no theme")
        require(not self.code or bool(KEY.match(self.code)), f"theme {self.key}: code {self.code!r} is not snake_case")
        _folded(self.key, (*self.terms, *self.unless))

    @property
    def spoken_code(self) -> str:
        """What downloads call it."""
        return self.code or self.key


def check_hierarchy(themes: tuple[Theme, ...]) -> None:
    """ContractError where a theme is part of one that is not there, or of one that is a part itself."""
    places = {theme.key: theme for theme in themes}
    for theme in themes:
        if theme.parent:
            require(theme.parent in places, f"theme {theme.key}: unknown parent {theme.parent!r}")
            require(not places[theme.parent].parent, f"theme {theme.key}: its parent is a part itself")


def _folded(where: str, terms: tuple[str, ...]) -> None:
    odd = [term for term in terms if not TERM.match(term) or term.count("~") > _MOST_GAPS]
    require(not odd, f"theme {where}: terms must be folded words: {odd}")


@dataclass(frozen=True)
class Opinions:
    """Words that praise and blame, in the grammar of a theme's terms; the longest phrase at a place speaks.

    `positive` and `negative` turn under a negation; `leaning_…` speak only where none of those do ("esperei");
    `silent` phrases hide the words in them ("sem duvida"). `negators` turn what follows within three words,
    `intensifiers` between them not counted; `after` turn what stands right before them ("paciencia zero"). `denials`
    blame where nothing else speaks ("nao acharam meu agendamento").
    """

    positive: tuple[str, ...]
    negative: tuple[str, ...]
    leaning_positive: tuple[str, ...] = ()
    leaning_negative: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    negators: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    denials: tuple[str, ...] = ()
    intensifiers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        said = (*self.positive, *self.negative, *self.leaning_positive, *self.leaning_negative, *self.silent)
        _folded("opinions", (*said, *self.negators, *self.after, *self.denials, *self.intensifiers))
        unique(list(said), "opinions")


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
