"""Typical faults of a spreadsheet of ratings, planted row by row, each counted under the code of the rule that finds it."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable

from pipeline.products.satisfaction import sample_world as world

Row = list[str]
GENDER, BIRTH, MODE, LEVEL, DATE, CEP, RATING, COMMENT, UNIT, SECTOR = range(10)
_APART, _EVERY = 40, 200  # rows between a row and its copy, and between copies
_FAULTY = 180  # rows of a thousand that are tried, all kinds together


def _cpf(dice: random.Random) -> str:
    digits = [dice.randint(0, 9) for _ in range(9)]
    for length in (10, 11):
        total = sum(d * w for d, w in zip(digits, range(length, 1, -1), strict=True))
        digits.append((total * 10 % 11) % 10)
    text = "".join(map(str, digits))
    return f"{text[:3]}.{text[3:6]}.{text[6:9]}-{text[9:]}"


def _set(place: int, *values: str) -> Callable[[random.Random, Row], bool]:
    def plant_one(dice: random.Random, row: Row) -> bool:
        row[place] = dice.choice(values)
        return True

    return plant_one


def _short_cep(dice: random.Random, row: Row) -> bool:
    """A spreadsheet took the CEP for a number: the zero at its front is gone."""
    if not row[CEP].startswith("0"):
        return False
    row[CEP] = row[CEP].replace("-", "").lstrip("0")
    return len(row[CEP]) == 7


def _future(dice: random.Random, row: Row) -> bool:
    row[DATE] = f"{world.REFERENCE + dt.timedelta(days=dice.randint(400, 700)):%d/%m/%Y}"
    return True


def _born_later(dice: random.Random, row: Row) -> bool:
    day = dt.datetime.strptime(row[DATE], "%d/%m/%Y").date()
    row[BIRTH] = f"{day + dt.timedelta(days=1):%d/%m/%Y}"
    return True


def _gender(dice: random.Random, row: Row) -> bool:
    row[GENDER] = {"Feminino": dice.choice(("F", "fem.", "Mulher")), "Masculino": dice.choice(("M", "masc.", "Homem"))}.get(row[GENDER], row[GENDER])
    return row[GENDER] != "Indefinido"


def _mode(dice: random.Random, row: Row) -> bool:
    row[MODE] = dice.choice(("Telemedicina", "Online", "Teleconsulta")) if row[MODE] == "Remoto" else "presencial"
    return True


def _personal(dice: random.Random, row: Row) -> bool:
    told = dice.choice((f"meu CPF é {_cpf(dice)}", f"me liguem no (11) 9{dice.randint(1000, 9999)}-{dice.randint(1000, 9999)}",
                        f"respondam em cliente{dice.randint(10, 99)}@exemplo.com.br", "cartão 4111 1111 1111 1111"))
    row[COMMENT] = f"{row[COMMENT]} {told}".strip()
    return True


def _disguised(dice: random.Random, row: Row) -> bool:
    """Text that some programs would run or draw; it is no fault, and must come through as text."""
    row[COMMENT] = dice.choice(("=1+1", "<b>péssimo</b>", "**demorou** [aqui](http://exemplo.com)", "+55 não atende", "@recepção sumiu"))
    return True


_FAULTS: tuple[tuple[str, Callable[[random.Random, Row], bool]], ...] = (
    ("rating_unreadable", _set(RATING, "bom", "10", "0", "sem nota dada")),
    ("cep_rewritten", _short_cep),
    ("cep_unreadable", _set(CEP, "00000-000", "123", "não sei", "78950-000")),
    ("date_unreadable", _set(DATE, "31/02/2026", "00/00/0000", "45/13/2026")),
    ("date_missing", _set(DATE, "")),
    ("date_in_future", _future),
    ("birth_after_event", _born_later),
    ("gender_rewritten", _gender),
    ("mode_rewritten", _mode),
    ("mode_unknown", _set(MODE, "Talvez", "???x")),
    ("comment_scrubbed", _personal),
    ("", _disguised),
)
_FORMS = (lambda n: str(n), lambda n: f"{n}/5", lambda n: "★" * n, lambda n: f"{('uma', 'duas', 'três', 'quatro', 'cinco')[n - 1]} {'estrela' if n == 1 else 'estrelas'}",
          lambda n: f"{n} - {('péssimo', 'ruim', 'regular', 'bom', 'ótimo')[n - 1]}")


def plant(rows: list[Row], seed: int) -> tuple[list[Row], dict[str, int]]:
    """The rows with faults, one at most a row, and how many rows got each. As many rows come out as went in."""
    dice = random.Random(f"faults/{seed}")
    counts = dict.fromkeys([code for code, _ in _FAULTS if code] + ["repeated", "totals_row"], 0)
    made = [list(row) for row in rows]
    for row in made:
        if row[RATING] and dice.random() < 0.3:  # other ways to write stars are no fault
            row[RATING] = dice.choice(_FORMS)(int(row[RATING][0]))
    copies = range(len(made) - 3, _APART, -_EVERY)
    spared = {place for copy in copies for place in (copy, copy - _APART)}
    for place, row in enumerate(made[:-3]):
        if place not in spared and dice.randint(1, 1000) <= _FAULTY:
            code, fault = dice.choice(_FAULTS)
            if fault(dice, row) and code:
                counts[code] += 1
    for place in copies:
        made[place] = list(made[place - _APART])
        counts["repeated"] += 1
    if len(made) > 20:
        made[-1] = ["Total", "", "", "", "", "", str(len(made) - 1), "", "", ""]
        counts["totals_row"] = 1
    return made, counts
