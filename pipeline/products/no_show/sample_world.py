"""The invented network behind the sample files: units, procedures, plans, and why people miss appointments.

Everything here is made up. The names of units belong to nobody and the effects say nothing about any real
plan, city or specialty. `CAUSES` is the truth that explanations are tested against: `sample.py` adds up
exactly these log-odds and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Unit:
    """A clinic: `size` is its share of bookings, `wait` multiplies lead times, `phone` is its Call Center share."""

    name: str
    uf: str
    size: float
    effect: float
    wait: float
    phone: float
    public: float  # share of its patients on SUS
    imaging: bool = False


UNITS = (
    Unit("Clínica Vila Mariana", "SP", 12.0, -0.20, 0.9, 0.35, 0.05),
    Unit("Hospital Santa Clara", "SP", 9.5, -0.15, 0.9, 0.45, 0.25),
    Unit("Imagem Paulista", "SP", 8.0, -0.45, 0.6, 0.30, 0.05, imaging=True),
    Unit("Clínica Tijuca", "RJ", 7.5, 0.10, 1.0, 0.50, 0.05),
    Unit("Hospital Barra Norte", "RJ", 7.0, 0.30, 1.2, 0.55, 0.30),
    Unit("Centro Médico Savassi", "MG", 6.5, -0.15, 1.0, 0.45, 0.10),
    Unit("Clínica Boa Viagem", "PE", 6.0, 0.35, 1.8, 0.75, 0.10),
    Unit("Hospital Aldeota", "CE", 5.5, 0.05, 1.3, 0.50, 0.30),
    Unit("Clínica Batel", "PR", 5.0, -0.30, 0.8, 0.35, 0.05),
    Unit("Centro Médico Moinhos", "RS", 4.8, -0.15, 0.9, 0.40, 0.10),
    Unit("Clínica Asa Sul", "DF", 4.5, 0.10, 1.0, 0.40, 0.05),
    Unit("Imagem Salvador", "BA", 4.2, 0.60, 1.1, 0.60, 0.15, imaging=True),
    Unit("Clínica Umarizal", "PA", 3.0, 0.00, 1.2, 0.60, 0.20),
    Unit("Clínica Ponta Negra", "AM", 2.5, 0.50, 1.4, 0.65, 0.20),
    Unit("Imagem Beira-Mar", "SC", 2.5, -0.45, 0.7, 0.30, 0.05, imaging=True),
    Unit("Clínica Setor Bueno", "GO", 2.0, -0.55, 0.9, 0.35, 0.05),
)

# name, share among private patients, effect
PLANS = (
    ("Unimed", 22.0, -0.05), ("Bradesco Saúde", 15.0, -0.05), ("Amil", 14.0, 0.05), ("Particular", 14.0, -0.55),
    ("SulAmérica", 11.0, -0.10), ("Hapvida", 9.0, 0.15), ("NotreDame Intermédica", 6.0, 0.10),
    ("Porto Saúde", 4.0, -0.10), ("Cassi", 3.0, -0.15), ("Geap", 2.0, 0.00), ("SUS", 0.0, 0.45),
)
CHANNELS = (("Call Center", 0.25), ("Online", -0.05), ("Presencial", -0.30))
TYPES = (("Consulta", 0.08), ("Exame", -0.08), ("Tratamento", -0.15))
SAME_DAY = {"Consulta": 0.17, "Exame": 0.11, "Tratamento": 0.05}  # share booked on the day itself


@dataclass(frozen=True)
class Procedure:
    """What is booked; `who` limits it: "" all, F, M, C (under 15), S (60 and over)."""

    name: str
    type: str
    category: str
    size: float
    wait: float
    effect: float = 0.0
    who: str = ""


def _group(kind: str, category: str, prefix: str, wait: float, rows: Iterable[tuple[object, ...]]) -> list[Procedure]:
    made = []
    for name, size, *rest in rows:
        effect = float(str(rest[0])) if rest else 0.0
        who = str(rest[1]) if len(rest) > 1 else ""
        made.append(Procedure(f"{prefix}{name}", kind, category, float(str(size)), wait, effect, who))
    return made


PROCEDURES: tuple[Procedure, ...] = (
    *_group("Consulta", "", "Consulta ", 1.0, (
        ("Clínico Geral", 9), ("Cardiologista", 7, -0.15), ("Dermatologista", 7, 0.30), ("Ortopedista", 6, 0.05),
        ("Ginecologista", 9, 0.0, "F"), ("Urologista", 5, 0.10, "M"), ("Oftalmologista", 6), ("Pediatra", 30, -0.15, "C"),
        ("Endocrinologista", 4, 0.10), ("Otorrinolaringologista", 3), ("Neurologista", 3, 0.05),
        ("Psiquiatra", 3, 0.45), ("Nutricionista", 3, 0.50), ("Gastroenterologista", 3), ("Geriatra", 5, -0.20, "S"),
        ("Reumatologista", 2), ("Pneumologista", 2), ("Nefrologista", 1.5), ("Mastologista", 2, -0.10, "F"),
        ("Hematologista", 1, -0.15), ("Oncologista", 1.5, -0.50), ("Angiologista", 1.5), ("Infectologista", 1),
        ("Alergista", 1.5, 0.10),
    )),
    *_group("Exame", "Ressonância", "Ressonância de ", 1.2, (
        ("Crânio", 2.5), ("Pelve", 1.5), ("Coluna Lombar", 2.5), ("Joelho", 2.5, 0.10), ("Ombro", 1.5), ("Abdome", 1.5),
        ("Mamas", 0.7, -0.10, "F"), ("Próstata", 0.8, 0.0, "M"),
    )),
    *_group("Exame", "Tomografia", "Tomografia de ", 0.8, (
        ("Tórax", 2.5), ("Crânio", 2), ("Abdome Total", 2), ("Seios da Face", 1.5, 0.10), ("Coluna Cervical", 1),
    )),
    *_group("Exame", "Ultrassonografia", "Ultrassonografia ", 0.7, (
        ("de Abdome Total", 4), ("da Tireoide", 2), ("Transvaginal", 3, 0.0, "F"), ("das Mamas", 2.5, 0.0, "F"),
        ("Obstétrica", 2, -0.50, "F"), ("da Próstata", 1.5, 0.05, "M"), ("do Aparelho Urinário", 2),
        ("com Doppler de Carótidas", 1.2),
    )),
    *_group("Exame", "Radiografia", "Radiografia de ", 0.3, (
        ("Tórax", 3), ("Joelho", 1.5), ("Coluna", 1.5), ("Mãos e Punhos", 1, 0.10),
    )),
    *_group("Exame", "Mamografia", "Mamografia ", 1.0, (("Digital Bilateral", 3, 0.05, "F"),)),
    *_group("Exame", "Densitometria", "Densitometria ", 1.0, (("Óssea", 2, 0.0, "S"),)),
    *_group("Exame", "Endoscopia", "", 1.5, (("Endoscopia Digestiva Alta", 2, 0.25), ("Colonoscopia", 1.2, 0.45))),
    *_group("Exame", "Cardiologia", "", 0.8, (
        ("Eletrocardiograma", 2.5, -0.10), ("Ecocardiograma", 2.5), ("Teste Ergométrico", 1.5, 0.20), ("Holter 24h", 1, 0.15),
    )),
    *_group("Tratamento", "", "", 0.5, (
        ("Fisioterapia Motora", 4, 0.20), ("Fisioterapia Respiratória", 1), ("Psicoterapia", 3, 0.35),
        ("Fonoaudiologia", 1.2, 0.10), ("Acupuntura", 1, 0.20), ("Hemodiálise", 1.5, -0.90),
        ("Quimioterapia", 1, -0.80), ("Infusão de Imunobiológico", 0.8, -0.50),
    )),
)

BASE = -1.82  # with these, about one booking in five is missed
TENDENCY = 0.95  # standard deviation of what a patient carries from booking to booking


@dataclass(frozen=True)
class Cause:
    """One reason behind missed appointments, in log-odds.

    `feature` is the key of the declared factor that should show it. `levels` holds (value, log-odds) of named
    values; `curve` holds knots (x, log-odds), joined by straight lines, x in days, years, hours, or 0/1.
    `spread` is the standard deviation of an effect that each patient has of their own.
    """

    name: str
    feature: str
    levels: tuple[tuple[str, float], ...] = ()
    curve: tuple[tuple[float, float], ...] = ()
    spread: float = 0.0

    def at(self, x: npt.ArrayLike) -> Floats:
        """The curve's log-odds at `x` (any shape), flat beyond the first and last knot."""
        knots = np.array(self.curve)
        return np.interp(np.asarray(x, dtype=np.float64), knots[:, 0], knots[:, 1])

    @property
    def effects(self) -> Floats:
        """The log-odds of the levels, in their order."""
        return np.array([effect for _, effect in self.levels])


LEAD = Cause("lead_time", "lead_time", curve=(
    (0, -1.60), (1, -0.55), (3, -0.35), (7, -0.10), (15, 0.20), (30, 0.55), (60, 0.90), (120, 1.10)))
AGE = Cause("age", "age", curve=(
    (0, 0.00), (12, 0.05), (20, 0.50), (30, 0.35), (45, 0.00), (60, -0.35), (75, -0.40), (90, -0.10)))
HOUR = Cause("hour", "hour", curve=((7, 0.25), (9, 0.00), (11, -0.10), (13, 0.10), (15, 0.00), (18, 0.20)))
WEEKDAY = Cause("weekday", "calendar", levels=(
    ("segunda", 0.20), ("terça", -0.05), ("quarta", -0.10), ("quinta", -0.05), ("sexta", 0.10), ("sábado", 0.30)))
MONTH = Cause("month", "calendar", levels=tuple((str(month), effect) for month, effect in zip(
    range(1, 13), (0.20, 0.15, -0.05, -0.10, -0.10, 0.05, 0.20, -0.05, -0.15, -0.05, 0.05, 0.30), strict=True)))
EVE = Cause("holiday_eve", "holiday", curve=((0, 0.0), (1, 0.45)))
UNIT = Cause("unit", "unit", levels=tuple((u.name, u.effect) for u in UNITS))
PLAN = Cause("health_plan", "health_plan", levels=tuple((name, effect) for name, _, effect in PLANS))
PROCEDURE = Cause("procedure", "procedure", levels=tuple((p.name, p.effect) for p in PROCEDURES))
TYPE = Cause("appointment_type", "appointment_type", levels=TYPES)
CHANNEL = Cause("channel", "channel", levels=CHANNELS)
HISTORY = Cause("tendency", "history", spread=TENDENCY)
CAUSES: tuple[Cause, ...] = (LEAD, HISTORY, UNIT, AGE, PLAN, PROCEDURE, CHANNEL, WEEKDAY, MONTH, HOUR, EVE, TYPE)
