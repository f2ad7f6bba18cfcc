"""Tables of what is kept of one patient, for the workbook that they are handed."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from pipeline.presentation.sentences import privacy_words as words
from pipeline.records.privacy import PatientTable


def sheets(held: Sequence[PatientTable]) -> list[tuple[str, pd.DataFrame]]:
    """A first sheet that says what each of the others is, then one for each source."""
    names = [f"{place} {words.source(table.source)}" for place, table in enumerate(held, start=1)]
    about = pd.DataFrame(
        {
            "Aba": names or ["(nenhuma)"],
            "De onde": [table.place for table in held] or [""],
            "O que é": [words.SOURCES[table.source][1] for table in held] or ["Nada guardado sobre este paciente."],
        }
    )
    return [("Leia primeiro", about), *zip(names, map(_frame, held), strict=True)]


def _frame(table: PatientTable) -> pd.DataFrame:
    headers = _distinct([words.column(key) for key in table.columns])
    return pd.DataFrame([dict(zip(headers, row, strict=True)) for row in table.rows], columns=headers)


def _distinct(headers: Sequence[str]) -> list[str]:
    """Headers of a file may be alike: a frame's may not."""
    made: list[str] = []
    for header in headers:
        made.append(header if header not in made else f"{header} ({len(made) + 1})")
    return made
