"""Made-up comments that a bundle is tried with when it is opened: in the language of those that it reads."""

from __future__ import annotations

EXAMPLES = (
    "",
    "Ótimo atendimento, equipe atenciosa!",
    "Péssimo: esperei muito e ninguém resolveu.",
    "O médico é bom, mas a recepção deixa a desejar.",
    "NUNCA MAIS VOLTO",
    "ok",
)
