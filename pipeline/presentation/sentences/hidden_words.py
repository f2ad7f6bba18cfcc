"""How many groups are not shown for being of few people, in words."""

from __future__ import annotations

from pipeline.presentation.locale.numbers import plural


def groups_hidden(count: int) -> str:
    """`3 grupos escondidos: …`, of groups, months and cells alike; "" where none are."""
    if not count:
        return ""
    what = plural(count, "grupo escondido", "grupos escondidos")
    return f"{what}: com menos de 8 casos, ou que deixariam calcular um que os tem."
