"""Every code has its sentence, every sentence can be said, and what was kept whole is said as it was."""

from __future__ import annotations

import ast
import datetime as dt

import jinja2
import pytest

from pipeline.errors import LostRecords, MissingFields, PresencaError
from pipeline.presentation.locale import messages
from pipeline.records import Note, note, said
from tests.conftest import ROOT
from tests.source_rules import sources

SAYERS = {"note", "Note"}


def _codes_used() -> dict[str, str]:
    """Codes given to `note` or to a refusal as a constant, with the place."""
    found = {}
    for source in sources(ROOT, ["pipeline", "dashboard"]):
        for node in ast.walk(source.tree):
            if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            code = node.args[0].value
            if isinstance(code, str) and (name in SAYERS or (name[:1].isupper() and name.endswith(_REFUSALS))):
                found[code] = f"{source.path}:{node.lineno}"
    return found


_REFUSALS = ("PresencaError", "UnreadableFile", "NotEnoughData", "Bundle", "WorkspaceError")


def test_every_code_that_is_used_has_a_sentence() -> None:
    known = messages.codes()
    assert {code: place for code, place in _codes_used().items() if " " not in code and code not in known} == {}


def test_every_template_is_sound() -> None:
    """It parses, uses only filters that there are, and doesn't shout two spaces."""
    assert {code: why for code, text in messages.codes().items() if (why := _unsound(code, text))} == {}


def _unsound(code: str, text: str) -> str:
    try:
        messages._template(code)
    except jinja2.TemplateError as error:
        return repr(error)
    return text if "  " in text or text != text.strip() else ""


def test_a_note_says_counts_days_lists_and_other_notes_as_one_does() -> None:
    inner = note("workspace.kept_models", count=1204)
    assert messages.say(inner) == "1.204\u00a0modelos"
    assert messages.say(note("workspace.kept_models", count=1)) == "1\u00a0modelo"
    assert note("x", day=dt.date(2026, 3, 1)).params == {"day": "2026-03-01"}
    assert hash(note("x", a=[1])) == hash(note("x", a=(1,)))
    with pytest.raises(KeyError):
        messages.say(Note("no.such.code"))


def test_what_was_kept_whole_is_said_as_it_was() -> None:
    assert messages.say(said("As datas {{ foram }} lidas.")) == "As datas {{ foram }} lidas."
    assert messages.say("Um texto.") == "Um texto."


def test_refusals_say_what_and_how_to_go_on() -> None:
    one = MissingFields(["Paciente"], ["Nome", "Dia"])
    assert messages.refusal(one) == (
        "Falta a coluna “Paciente”. Cabeçalhos encontrados: “Nome”, “Dia”. Inclua-a no arquivo ou escolha qual "
        "coluna ela é."
    )
    either = MissingFields([note("fields.one_of", fields=["Nota", "Texto"])], ["Nome"], more=12)
    assert messages.message(either) == "Falta a coluna “Nota ou Texto”. Cabeçalhos encontrados: “Nome”, e mais 12."
    two = MissingFields(["Paciente", "Dia"], file_name="a.csv")
    assert messages.message(two) == "Faltam as colunas “Paciente”, “Dia” em “a.csv”."
    assert messages.message(LostRecords(2, 1)).startswith(
        "A pasta de dados tem 2\u00a0conjuntos de dados e 1\u00a0modelo,"
    )


def test_a_refusal_that_is_kept_is_told_later_with_its_hint() -> None:
    inner = MissingFields(["Paciente"])
    outer = PresencaError("joining.part_refused", name="a.csv", why=inner.note)
    assert messages.refusal(outer) == "“a.csv”: " + messages.refusal(inner)
    assert messages.told(outer.note) == messages.refusal(outer)
