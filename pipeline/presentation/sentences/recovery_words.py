"""What is said of files that the records don't know, and of records whose files are gone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from pipeline.presentation.locale import messages
from pipeline.presentation.locale.numbers import date, plural
from pipeline.records import Recovered, Shelved

REBUILD = "Refazer os registros a partir das pastas"
_MOST_NAMED = 5


def counted(datasets: int, models: int) -> str:
    """ "2 conjuntos de dados e 1 modelo"."""
    parts = [
        plural(datasets, "conjunto de dados", "conjuntos de dados") if datasets else "",
        plural(models, "modelo", "modelos") if models else "",
    ]
    return " e ".join(part for part in parts if part) or "nada"


def shelved(items: Sequence[Shelved]) -> str:
    """What was put aside, when, and by what name."""
    datasets = sum(item.kind == "datasets" for item in items)
    one, days = len(items) == 1, sorted({item.day for item in items})
    names = list(dict.fromkeys(f"“{item.name}”" for item in items if item.name))
    listed = f" ({_listed(names)})" if names else ""
    return (
        f"{counted(datasets, len(items) - datasets)}{listed} {'estava' if one else 'estavam'} na pasta de dados e "
        "não nos registros: "
        f"{'foi posto' if one else 'foram postos'} de lado em {' e '.join(date(day) for day in days)}. Nada foi "
        "apagado."
    )


def damaged_copies(days: Sequence[dt.date]) -> str:
    """Copies of what people did that were cut short, by the days on which they were put aside."""
    one, named = len(days) == 1, " e ".join(date(day) for day in sorted(set(days)))
    copies = plural(len(days), "cópia", "cópias")
    return (
        f"{copies} do que foi feito (respostas, ligações, listas, ofertas ou ajustes) {'estava' if one else 'estavam'} "
        f"pela metade e {'foi posta' if one else 'foram postas'} de lado em {named}. O que os registros sabiam "
        f"continua lá; só o que apenas {'essa cópia dizia' if one else 'essas cópias diziam'} não voltou."
    )


def _listed(names: list[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" e mais {more}" if more > 0 else "")


def recovered(found: Recovered) -> str:
    """What came back."""
    count = found.datasets + found.models
    if not count:
        return "Nada voltou."
    return f"{'Voltou' if count == 1 else 'Voltaram'} {counted(found.datasets, found.models)}."


def refused(found: Recovered) -> list[str]:
    """What did not, and why."""
    return [f"“{name}” não voltou. {messages.told(why)}" for name, why in found.refused]


def gone(datasets: Sequence[str], models: Sequence[str]) -> str:
    """Records whose files are gone."""
    names = list(dict.fromkeys(f"“{name}”" for name in (*datasets, *models)))
    return (
        f"Os arquivos de {counted(len(datasets), len(models))} ({_listed(names)}) não estão mais na pasta de dados. "
        "Recoloque a pasta de uma cópia de segurança, ou esqueça esses registros."
    )
