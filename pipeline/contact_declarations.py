"""What a product declares of contacting patients before their appointment: what is said on the phone or written, and
which reasons of a risk a caller may be told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.declaring import KEY, require, unique

WAYS = SPOKEN, WRITTEN = ("spoken", "written")
SCRIPT_BLANKS = frozenset({"dia", "hora", "procedimento", "unidade", "clinica", "paciente", "atendente"})
LONGEST_SCRIPT = 600  # characters
_BLANK = re.compile(r"\{([^{}]*)\}")
_WORD = re.compile(r"^[a-z0-9 ]+$")


@dataclass(frozen=True)
class Script:
    """What is said in a call, or written in a message. It is for bookings whose procedure, type or category holds one
    of `procedures` (folded beginnings of words), or whose main reason is one of the `factors`; without either, for any.

    Blanks are filled from the booking, {clinica} with the name of the series, {atendente} with whoever calls where
    that is known; {paciente} is left for whoever speaks.
    """

    key: str
    way: str
    title: str
    text: str
    procedures: tuple[str, ...] = ()
    factors: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        require(bool(KEY.match(self.key)) and self.way in WAYS, f"script {self.key!r}: an unknown key or way")
        require(bool(self.title) and 0 < len(self.text) <= LONGEST_SCRIPT, f"script {self.key}: no title or text")
        require(not unknown_blanks(self.text), f"script {self.key}: unknown blanks {unknown_blanks(self.text)}")
        require(all(_WORD.match(word) for word in self.procedures), f"script {self.key}: procedures must be folded")


def unknown_blanks(text: str) -> tuple[str, ...]:
    """The blanks of a text that nobody fills."""
    return tuple(sorted(set(_BLANK.findall(text)) - SCRIPT_BLANKS))


@dataclass(frozen=True)
class ContactRules:
    """How a product's patients are contacted.

    `circumstances`: factors that are of the booking, told to a caller as they are; `neutral`: what is said in place of
    a factor that is of the person. Any other factor is not told. `values`: what a slot may be worth, by procedure or
    type ("" any), and `costs` what a call and a message may cost: R$, examples until a clinic edits them.
    """

    scripts: tuple[Script, ...]
    circumstances: tuple[str, ...]
    neutral: tuple[tuple[str, str], ...] = ()
    values: tuple[tuple[str, float], ...] = ()
    costs: tuple[float, float] = (0.0, 0.0)

    def __post_init__(self) -> None:
        unique([script.key for script in self.scripts], "scripts")
        for way in WAYS:
            usual = [s for s in self.scripts if s.way == way and not (s.procedures or s.factors)]
            require(len(usual) == 1, f"scripts: one of {way} is for any booking")
        unique([name for name, _ in self.values], "values")
        require(all(value >= 0 for value in (*(v for _, v in self.values), *self.costs)), "values below 0")
        both = set(self.circumstances) & {factor for factor, _ in self.neutral}
        require(not both, f"factors told in two ways: {sorted(both)}")
