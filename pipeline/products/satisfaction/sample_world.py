"""The invented clinics behind the sample: where clients live, what care they had, and why they rate it as they do."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

REFERENCE = dt.date(2026, 11, 22)  # the last day of the sample
DAYS = 548  # eighteen months
RECENT = 30  # days of the events that nobody has rated yet


@dataclass(frozen=True)
class Cause:
    """Why a client rates lower (or higher): `effect` in latent stars of the events it touches."""

    field: str
    value: str
    effect: float


# (UF, first and last five digits of its CEPs, weight)
PLACES = (("SP", 1000, 19999, 0.30), ("RJ", 20000, 28999, 0.16), ("MG", 30000, 39999, 0.14), ("BA", 40000, 48999, 0.10), ("PE", 50000, 56999, 0.08),
          ("CE", 60000, 63999, 0.06), ("PR", 80000, 87999, 0.07), ("RS", 90000, 99999, 0.06), ("AM", 69000, 69299, 0.03))
LEVELS = (("Consulta", 0.42), ("Exame", 0.27), ("Teste", 0.08), ("Procedimento", 0.07), ("Vacina", 0.06), ("Pronto atendimento", 0.10))
GENDERS = (("Feminino", 0.60), ("Masculino", 0.385), ("Indefinido", 0.015))
UNITS = (("Unidade Centro", 0.30), ("Unidade Jardim", 0.24), ("Unidade Norte", 0.18), ("Unidade Lagoa", 0.16), ("Unidade Serra", 0.12))
WORSE_AT, WORSE = {"Unidade Norte": "waiting"}, 3.0  # the unit that does a theme badly, how much likelier who suffered it was there
SECTORS = {"Consulta": ("Ambulatório",), "Exame": ("Imagem", "Laboratório"), "Teste": ("Laboratório",), "Procedimento": ("Centro de procedimentos",),
           "Vacina": ("Sala de vacinas",), "Pronto atendimento": ("Pronto atendimento",)}
REMOTE = {"Consulta": 0.24, "Teste": 0.05}  # share of a level that is seen from afar

CAUSES = (
    Cause("care_mode", "Remoto", -0.55),
    Cause("care_level", "Pronto atendimento", -0.95),
    Cause("care_level", "Vacina", 0.45),
    Cause("cep_uf", "PE", -0.60),
    Cause("birth_date_age_band", "18 a 29", -0.25),
)
EPISODE_FROM, EPISODE_SHARE, EPISODE_EFFECT = dt.date(2026, 8, 3), 0.13, -2.1  # the entrance got a machine that hardly works

# theme: (how often it comes up, share of bad experiences, effect of a good and of a bad one in latent stars)
THEMES: dict[str, tuple[float, float, float, float]] = {
    "waiting": (0.42, 0.45, 0.55, -1.25), "reception": (0.34, 0.32, 0.45, -1.20), "doctor": (0.44, 0.20, 0.70, -1.55),
    "nursing": (0.20, 0.25, 0.50, -1.20), "cleanliness": (0.22, 0.30, 0.35, -0.95), "scheduling": (0.18, 0.55, 0.35, -1.10),
    "results": (0.15, 0.45, 0.40, -1.25), "price": (0.13, 0.60, 0.30, -1.00), "app": (0.10, 0.50, 0.40, -1.05), "access": (0.08, 0.45, 0.20, -0.60),
}
# where a theme comes up more often (times)
MORE = {("Exame", "results"): 2.6, ("Teste", "results"): 2.6, ("Pronto atendimento", "waiting"): 1.7, ("Vacina", "nursing"): 3.0, ("Exame", "nursing"): 1.8,
        ("Vacina", "doctor"): 0.1, ("Exame", "doctor"): 0.3, ("Teste", "doctor"): 0.2, ("Remoto", "app"): 7.0, ("Remoto", "cleanliness"): 0.0,
        ("Remoto", "nursing"): 0.0, ("Remoto", "access"): 0.0, ("Remoto", "reception"): 0.3}
BASE, SPREAD = 1.15, 0.55  # latent stars of an event without any cause; what nothing explains
CUTS = (-0.62, 0.02, 0.52, 1.28)  # latent stars from which a client gives 2, 3, 4, 5
UNHAPPY, HAPPY = 2, 4  # stars: from the one down, from the other up
NO_RATING, NO_COMMENT, MISTAKEN = 0.12, 0.25, 0.015
