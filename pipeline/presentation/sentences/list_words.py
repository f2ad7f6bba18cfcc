"""Sentences about a list of many rows, which a job makes while the page may be left."""

from __future__ import annotations

from pipeline.contract import Product, feminine
from pipeline.presentation.locale.numbers import plural
from pipeline.records import Note

MAKE = "Fazer a lista"
RUNNING = "**Fazendo a lista.** Pode fechar ou recarregar a página: o trabalho continua."
OTHER = "**Outra lista está sendo feita.** Uma por vez: esta pode ser feita quando ela terminar."
STOP_OTHER = "Parar esta lista"
STOP_WHY = "Esta lista é de outro arquivo, e pode ser de outra pessoa. Parar joga fora o que já foi feito."
READY = "A lista está pronta."


def not_made(rows: int, product: Product) -> tuple[str, str]:
    """`A lista deste arquivo ainda não foi feita`, and how it is."""
    words = product.words
    every = "cada uma" if feminine(words.row) else "cada um"
    why = (
        f"De {plural(rows, words.row, words.rows)}, o risco de {every} é calculado por um trabalho à parte: um a dois "
        "minutos a cada milhão de linhas. A página pode ser fechada enquanto isso."
    )
    return "A lista deste arquivo ainda não foi feita", why


def why(note: Note | None) -> Note:
    """Why a list's job ended, or that it is about to: what a job says of itself speaks of trainings."""
    if note is None:
        return Note("agenda.stopped")
    before, _, code = note.code.partition(".")
    return Note(f"agenda.{code}", note.params) if before == "job" else note
