"""Every sentence of a room, said with sample values and held against what it was: a changed wording is seen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from jinja2 import meta

from pipeline.presentation.locale import messages
from pipeline.records import Note, note
from tests.conftest import ROOT
from tests.pipeline.presentation.golden import same_as_golden

# a room's codes begin with its name; per value: what it is in the first sentence, in the second, …
SAMPLES: Mapping[str, Mapping[str, tuple[Any, ...]]] = {
    "reading": {
        "name": ("agenda.csv",),
        "sheet": ("Março",),
        "sheets": (("Capa", "Agenda", "Notas"),),
        "others": (("Capa",), ("Capa", "Notas", "Listas")),
        "what": (note("reading.is_pdf"),),
        "cell": ("B1204",),
        "column": ("(células a mais)",),
        "columns": (16_384,),
        "size": (300_400_000, 2_500),
        "limit": (300_000_000, 500),
        "row": (4, 1_204),
        "rows": ((4,), (4, 1_204), (4, 18, 1_204)),
        "count": (1, 2, 1_204),
        "above": (1, 2),
        "resource": ("Appointment",),
        "found": ((), ("Location", "Patient")),
        "wanted": (("Appointment",),),
        "places": (("start",), ("participant.status", "start")),
        "needed": (2_500_000_000,),
        "free": (1_200_000_000,),
        "first": ("janeiro.csv",),
        "lacking": (1, 2),
        "more": (0, 1),
        "place": (3,),
        "files": ((note("reading.rows_of_file", name="janeiro.csv", first=2, last=1_204, row=2),),),
    },
    "checking": {
        "field": ("Convênio",),
        "place": (1,),
        "name": ("agenda.csv",),
        "stage": (note("checking.finding_columns"),),
        "days": (1, 6),
        "least": (7,),
        "least_of_each": (50,),
        "target": ("Status do agendamento",),
        "outcomes": (1, 1_204),
        "events": (1, 204),
        "rest": (0, 1_000),
        "event": ("falta",),
        "non_event": ("presença",),
        "row": ("agendamento",),
        "rows": (1, 1_204),
        "again": (0, 1),
        "count": (1, 2),
        "text": ("amil s/a",),
        "meant": ("Amil",),
        "usual": ("Clínica X",),
        "other": ("CLINICA X",),
        "first": ("Contato",),
        "second": ("Consulta",),
        "last": ("2026-02-13",),
        "month": ("2026-02",),
        "rate": (0.185,),
        "share": (0.974,),
        "auc": (0.987,),
        "title": ("Sem data do agendamento",),
        "loses_rows": (True, False),
        "column": ("Dt. consulta",),
        "order": (note("parsing.order", order="mdy"),),
        "more": (0, 3),
        "day": ("2026-02-13",),
        "value": (4.0, 4.5),
    },
}
SOURCES = {
    "reading": ("pipeline/ingestion/reading",),
    "checking": (
        "pipeline/ingestion",
        "pipeline/records",
        "pipeline/scrubbing",
        "pipeline/services",
        "pipeline/presentation/sentences",
    ),
}
# a value that is something else in one sentence than in the others of the room
ELSEWHERE: Mapping[str, Mapping[str, tuple[Any, ...]]] = {
    "checking.few_outcomes": {"least": (500,)},
    "checking.no_target": {"least": (500,)},
    "checking.leak_filled": {"events": (0.987,), "rest": (0.004,)},
    "checking.reading_file": {"count": (2,)},
    "checking.days": {"first": ("2026-01-05",)},
    "checking.ages": {"first": (30,), "last": (39,)},
    "checking.accept_values": {"target": (False, True)},
    "reading.begins_with_separators": {"rows": (1_204,)},
    "checking.too_many_distinct": {"limit": (4_000_000,)},
    "reading.html_too_large": {"limit": (40_000_000,)},
    "reading.too_many_texts": {"limit": (3_000_000,)},
    "reading.long_cell": {"limit": (200_000,)},
    "reading.too_many_columns": {"limit": (500,)},
    "reading.too_many_rows": {"limit": (2_000_000,)},
    "reading.too_much_memory": {"rows": (10_000_000,)},
    "reading.several_files": {"count": (2,)},
    "reading.rows_of_file": {"first": (2,), "last": (1_204,), "row": (2,)},
    "reading.fhir": {"rows": (1, 1_204)},
    "reading.fhir_missing": {"rows": (1, 1_204)},
    "reading.fhir_midnight": {"column": ("Data do agendamento",)},
}


def _values(code: str, room: str) -> Iterator[dict[str, Any]]:
    """The values of each saying of a code: those that its sentence or its hint asks for."""
    texts = [messages.codes()[code], messages.codes().get(code + messages.HINT, "")]
    names = set().union(*(meta.find_undeclared_variables(messages.environment().parse(text)) for text in texts))
    samples = {name: {**SAMPLES[room], **ELSEWHERE.get(code, {})}[name] for name in sorted(names)}
    for turn in range(max((len(values) for values in samples.values()), default=1)):
        yield {name: values[min(turn, len(values) - 1)] for name, values in samples.items()}


def _codes(room: str) -> list[str]:
    return sorted(c for c in messages.codes() if c.startswith(room + ".") and not c.endswith(messages.HINT))


def _said(code: str, room: str) -> Iterator[str]:
    yield code
    for values in _values(code, room):
        item: Note = note(code, **values)
        yield f"    {messages.told(item)}"


@pytest.mark.parametrize("room", sorted(SAMPLES))
def test_the_sentences_of_a_room_are_those_that_were_agreed(room: str) -> None:
    lines = [line for code in _codes(room) for line in _said(code, room)]
    same_as_golden(f"sentences_{room}.txt", "\n".join(lines) + "\n")


@pytest.mark.parametrize("room", sorted(SOURCES))
def test_a_room_uses_just_the_codes_that_have_sentences(room: str) -> None:
    """Codes in tables and constants too, not only those in the call."""
    texts = [path.read_text("utf-8") for place in SOURCES[room] for path in (ROOT / place).rglob("*.py")]
    used = {code for text in texts for code in re.findall(rf'"({room}\.\w+)"', text)}
    assert used == set(_codes(room))
