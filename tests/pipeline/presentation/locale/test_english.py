"""What other systems are told has its twin in English; what has none, though its neighbours do, is named here."""

from __future__ import annotations

from collections.abc import Callable

import jinja2.meta
import pytest

from pipeline.api import problems
from pipeline.presentation.locale import english, messages
from pipeline.presentation.sentences import languages, list_words, server_words
from pipeline.presentation.sentences.languages import Language
from pipeline.records import Note, note

RULES = "rule."  # by the kind of rule: its Portuguese is the product's
ONLY_IN_PORTUGUESE = {
    # said by pages and commands alone: settings of calls, keys, series and the watched folder, what is done with models
    "contacts.no_event_column",
    "contacts.no_outcome_column",
    "contacts.no_phone",
    "contacts.nothing_compared",
    "contacts.odd_script",
    "contacts.override_without_reason",
    "contacts.settings_out_of_range",
    "contacts.too_many_lines",
    "dataset.fixed_elsewhere",
    "dataset.training_before_deleting",
    "dataset.training_before_fixing",
    "folder.inner",
    "folder.no_product",
    "folder.not_there",
    "folder.not_writable",
    "folder.of_workspace",
    "folder.same",
    "folder.seconds",
    "keys.days",
    "keys.no_scope",
    "keys.unknown_scope",
    "model.in_use",
    "model.none_before",
    "series.name_taken",
    "series.nameless",
    # at the start, before anything can be called
    "records.address_malformed",
    "records.elsewhere",
    "records.in_file",
    "records.no_driver",
    "records.of_other_folder",
    "store.address_malformed",
    "store.files_in_folder",
    "store.manifest_lost",
    "store.no_library",
    "store.no_place",
    "store.no_taking_back",
    "store.not_told",
    "store.of_others",
    "store.records_lost",
    "workspace.lost_records",
    "workspace.newer",
    # put into other sentences, which in English do without them
    "disk.damaged",
    "disk.full",
    "disk.gone",
    "disk.no_access",
    "disk.no_permission",
    "fields.one_of",
    "score.without_field",
    "score.without_history",
    "workspace.kept_datasets",
    "workspace.kept_models",
    # of what is made by pages
    "vault.rows_differ",
    "vault.too_large",
}


def _stem(code: str) -> str:
    return code.removesuffix(messages.HINT)


def test_whatever_has_neighbours_in_english_has_a_twin_or_is_named() -> None:
    families = {code.split(".")[0] for code in english.MESSAGES}
    alone = {code for code in messages.codes() if code.split(".")[0] in families and code not in english.MESSAGES}
    assert {code for code in alone if _stem(code) not in ONLY_IN_PORTUGUESE} == set()
    assert ONLY_IN_PORTUGUESE - alone == set(), "it has a twin by now, or is no more"


@pytest.mark.parametrize("words", [list_words.why, server_words.why])
@pytest.mark.parametrize("code", ["stopped", "orphaned", "cancelling", "cancelled", "out_of_memory", "fault"])
def test_what_a_job_says_of_itself_is_said_of_what_it_does(words: Callable[[Note | None], Note], code: str) -> None:
    told = words(Note(f"job.{code}"))
    assert told.code in messages.codes() and "trein" not in messages.told(told)
    assert words(None).code in messages.codes() and words(Note("disk.full")) == Note("disk.full")


def test_every_refusal_with_a_status_of_its_own_is_told_in_english() -> None:
    assert set(problems._STATUS) - set(english.MESSAGES) == set()


def test_no_twin_is_without_its_sentence() -> None:
    told = {code for code in english.MESSAGES if not code.startswith(RULES)}
    assert told - set(messages.codes()) == set()


def _values(text: str) -> set[str]:
    return jinja2.meta.find_undeclared_variables(messages.environment().parse(text))


@pytest.mark.parametrize("code", sorted(english.MESSAGES))
def test_a_twin_asks_for_no_value_that_its_sentence_is_not_given(code: str) -> None:
    text, known = english.MESSAGES[code], messages.codes()
    assert text == text.strip() and "  " not in text
    given = {name for one in (_stem(code), _stem(code) + messages.HINT) for name in _values(known.get(one, ""))}
    assert code.startswith(RULES) or _values(text) <= given


def test_a_row_that_lacks_much_is_told_so_in_english() -> None:
    told = note("score.gaps", missing=[note("score.without_field", field="Sexo")], unseen=[], taught=True)
    said = languages.message(told, Language.ENGLISH)
    assert said.startswith("Computed without some fields, which are missing. Of the period") and "Sexo" not in said
