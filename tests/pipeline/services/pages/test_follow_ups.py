"""Closing the loop in a workspace: a comment without a date is answered, by two people at once, and forgotten with its
data; nothing that was typed rests in the clear.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import PresencaError, WorkspaceError
from pipeline.products.satisfaction import PRODUCT
from pipeline.records import Asked, FollowUpChange, FollowUpFilter, FollowUpState, Recipe, Step, StepKind
from pipeline.services import Workspace
from pipeline.services.data import datasets, event_keys, fixing, joining, placing
from pipeline.services.data.placing import Into
from pipeline.services.pages import follow_ups
from pipeline.services.session import Session
from pipeline.workspace.audit import entries
from pipeline.workspace.repositories import datasets as kept_datasets
from tests.pipeline.workspace.made import at_rest
from tests.refusals import refused

ANSWERING, ANSWERED, RESOLVED = FollowUpState.ANSWERING, FollowUpState.ANSWERED, FollowUpState.RESOLVED
LINES = (
    ("1", "Fiquei duas horas na fila.", "Exame"),
    ("1", "Ninguem atende o telefone.", "Consulta"),
    ("5", "Gostei muito.", "Exame"),
    ("1", "Fiquei duas horas na fila.", "Exame"),
)
NEXT = ("2", "O banheiro estava sujo.", "Teste")
LONG = (*LINES, *((str(n % 2 + 1), f"Esperei {n} horas e ninguém me disse nada.", "Exame") for n in range(2, 12)))
MORE = (*LONG, NEXT)
CLINIC = Into(name="Clínica A")
NOTE = "Ela disse que o marido esperou de pé; voltar a ligar no (27) 99876-1234."


def csv(lines: Sequence[tuple[str, str, str]]) -> bytes:
    return "\n".join(["Nota;Comentario;Nivel de atendimento", *(";".join(line) for line in lines)]).encode()


@pytest.fixture
def session(workspace_home: Path) -> Session:
    return Session(Workspace(), now=lambda: dt.datetime.now(dt.timezone(dt.timedelta(hours=-3))))


def keep(session: Session, lines: Sequence[tuple[str, str, str]] = LINES, into: Into = CLINIC) -> str:
    return datasets.keep(session, PRODUCT.key, csv(lines), "opinioes.csv", into=into).id


def events(session: Session, dataset: str) -> tuple[Asked, ...]:
    """All comments, each of a detractor."""
    return follow_ups.asked(session, dataset, dict.fromkeys(event_keys.named(session, dataset), "detractor"))


def act(session: Session, dataset: str, one: Asked, **wanted: object):  # type: ignore[no-untyped-def]
    version = follow_ups.of(session, dataset, [one])[one.key].version
    change = FollowUpChange(**wanted)  # type: ignore[arg-type]
    return follow_ups.change(session, dataset, one, change, expected_version=version)


def after(session: Session, hours: float) -> Session:
    later = session.now() + dt.timedelta(hours=hours)
    return replace(session, now=lambda: later)


def test_a_file_without_the_column_tells_of_no_value_of_it(session: Session) -> None:
    """Such as the reviews of a shop, which have no unit: what is open is asked by unit all the same."""
    dataset = keep(session)
    every = events(session, dataset)
    assert "unit" not in session.workspace.columns_of_rows(dataset)
    assert follow_ups.open_by(session, dataset, every, "unit") == ()
    assert follow_ups.open_by(session, dataset, every, "care_level") == (("Exame", 3), ("Consulta", 1))


def test_comments_without_dates_are_answered_and_the_count_falls(session: Session) -> None:
    dataset = keep(session)
    every = events(session, dataset)
    assert len({one.key for one in every}) == len(LINES) and {one.hours for one in every} == {72}
    before = follow_ups.counts(session, dataset, every)
    assert (before.total, before.open, before.overdue) == (4, 4, 0) and dict(before.owners) == {"": 4}
    assert follow_ups.counts(after(session, 80), dataset, every).overdue == 4

    taken = act(after(session, 1), dataset, every[0], state=ANSWERING, owner="Bia", who="Bia")
    done = act(after(session, 5), dataset, every[0], state=ANSWERED, note=NOTE, who="Bia")
    assert taken.due == done.due and done.version == 2 and done.notes == 1
    told = follow_ups.counts(session, dataset, every)
    assert (told.open, dict(told.states)[ANSWERED], dict(told.owners)) == (3, 1, {"": 3, "Bia": 1})
    mine = follow_ups.chosen(session, dataset, every, FollowUpFilter(owner="Bia"))
    assert mine == (every[0],)
    assert [e.what for e in follow_ups.history(session, dataset, every[0].key)] == ["state", "owner", "state", "note"]
    (note,) = follow_ups.notes(session, dataset, [one.key for one in every])[every[0].key]
    assert note.note == NOTE.replace("(27) 99876-1234", "[telefone]") and note.who == "Bia"

    lines = pd.DataFrame({"linha": [every[1].row, every[0].row, 99]})
    plain = follow_ups.with_columns(session, dataset, lines, every)
    assert plain["estado"].tolist() == ["novo", "respondido", ""] and "anotacoes" not in plain
    told_all = follow_ups.with_columns(session, dataset, lines, every, with_notes=True)
    assert [bool(text) for text in told_all["anotacoes"]] == [False, True, False]

    (all_,) = follow_ups.measured(session, dataset, every)
    assert all_.hours == pytest.approx(5, abs=0.01) and (all_.answered, all_.judged, all_.waiting) == (1, 1, 3)
    by_level = {m.group: m for m in follow_ups.measured(after(session, 80), dataset, every, "care_level")}
    assert {name: (m.events, m.judged) for name, m in by_level.items()} == {"Exame": (3, 3), "Consulta": (1, 1)}
    with refused(PresencaError, match="Não há a coluna"):
        follow_ups.measured(session, dataset, every, "secret")


def test_two_at_once_are_told_and_nothing_is_lost(session: Session) -> None:
    dataset = keep(session)
    one = events(session, dataset)[0]
    changes = [FollowUpChange(ANSWERING, owner=name, who=name) for name in ("Ana", "Bia", "Caio", "Davi")]

    def try_(change: FollowUpChange) -> str:
        try:
            return follow_ups.change(session, dataset, one, change, expected_version=0).owner
        except WorkspaceError as error:
            return error.note.code

    with ThreadPoolExecutor(4) as people:
        said = list(people.map(try_, changes))
    assert said.count("follow_up.changed_elsewhere") == 3
    owner = follow_ups.of(session, dataset, [one])[one.key].owner
    assert owner in said and owner in ("Ana", "Bia", "Caio", "Davi")
    with refused(WorkspaceError, match=f"agora é de “{owner}”.*Nada se perdeu"):
        follow_ups.change(session, dataset, one, FollowUpChange(RESOLVED), expected_version=0)
    noted = follow_ups.change(session, dataset, one, FollowUpChange(note="Deixei recado."), expected_version=0)
    assert noted.notes == 1 and noted.version == 2  # a note contradicts nobody
    assert len(follow_ups.history(session, dataset, one.key)) == 3


@pytest.fixture
def hourly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each file is sent an hour after the one before."""
    hours = itertools.count()
    begun = dt.datetime(2026, 3, 2, 8, tzinfo=dt.timezone(dt.timedelta(hours=-3)))
    monkeypatch.setattr(kept_datasets, "now", lambda: (begun + dt.timedelta(hours=next(hours))).isoformat())


def next_file(session: Session, lines: Sequence[tuple[str, str, str]], end: bytes = b"") -> str:
    """Another file of the only series; `end` makes it another file of the same rows."""
    (series,) = session.workspace.series(PRODUCT.key)
    source = csv(lines) + end
    return datasets.keep(session, PRODUCT.key, source, "mais.csv", into=Into(series=series.id)).id


def states(session: Session, dataset: str) -> list[str]:
    return [str(one.state) for one in follow_ups.of(session, dataset, events(session, dataset)).values()]


def sent(session: Session, dataset: str) -> dt.datetime:
    return dt.datetime.fromisoformat(session.workspace.dataset(dataset).created)


@pytest.mark.usefixtures("hourly")
@pytest.mark.parametrize("grown", [MORE, (NEXT, *LONG), LONG], ids=["at its end", "at its start", "saved again"])
def test_a_file_that_continues_another_knows_what_was_done_and_since_when_it_waits(
    session: Session, grown: Sequence[tuple[str, str, str]]
) -> None:
    first = keep(session, LONG)
    act(session, first, events(session, first)[3], state=RESOLVED, who="Bia")
    second = next_file(session, grown, b"\n")
    at = grown.index(LONG[0])
    assert [place for place, state in enumerate(states(session, second)) if state == RESOLVED] == [at + 3]
    known = [one.taken_in for one in follow_ups.of(session, second, events(session, second)).values()]
    assert known[at : at + len(LONG)] == [sent(session, first)] * len(LONG)
    assert set(known) - {sent(session, first)} == ({sent(session, second)} if NEXT in grown else set())
    joining.replace(session, first)  # the older file goes: neither what was done nor the waiting begins anew
    assert states(session, second)[at + 3] == RESOLVED
    assert [one.taken_in for one in follow_ups.of(session, second, events(session, second)).values()] == known


@pytest.mark.parametrize(
    "other",
    [
        LINES[:1],
        pytest.param((*LINES, NEXT), marks=pytest.mark.slow),
        pytest.param((NEXT, *LONG[:-1]), marks=pytest.mark.slow),
        pytest.param(LONG[::-1], marks=pytest.mark.slow),
        (NEXT, *LONG, NEXT),
    ],
    ids=["one row", "too few rows", "a part of them", "another order", "in the middle"],
)
def test_equal_words_in_another_file_are_asked_again_and_it_is_said(
    session: Session, other: Sequence[tuple[str, str, str]]
) -> None:
    """ "Péssimo." of two people: the second is never hidden because the first was answered."""
    first = keep(session, LINES if other[:4] == LINES else LONG)
    for one in events(session, first)[:2]:
        act(session, first, one, state=ANSWERED, who="Bia")
    second = next_file(session, other)
    assert set(states(session, second)) == {"new"} and states(session, first).count("answered") == 2
    every = events(session, second)
    told = follow_ups.alike(session, second, every)
    assert set(told.values()) == {"opinioes.csv"}
    assert set(told) == {one.key for one, line in zip(every, other, strict=True) if line in LINES[:2]}
    act(session, second, every[other.index(LINES[0])], state=RESOLVED, who="Bia")
    assert states(session, second).count("resolved") == 1 and "resolved" not in states(session, first)


def test_years_of_old_comments_have_no_deadline_and_that_is_counted(session: Session) -> None:
    today = session.now().date()
    ages = (2000, 91, 90, 5, None)
    lines = [f"{today - dt.timedelta(days=age):%d/%m/%Y}" if age is not None else "" for age in ages]
    source = "\n".join(["Data;Nota;Comentario", *(f"{day};1;Demorou {n} horas." for n, day in enumerate(lines))])
    dataset = datasets.keep(session, PRODUCT.key, source.encode(), "antigo.csv", into=CLINIC).id
    every = events(session, dataset)
    assert [bool(one.due) for one in follow_ups.of(session, dataset, every).values()] == [
        False,
        False,
        True,
        True,
        True,
    ]
    counted = follow_ups.counts(after(session, 80), dataset, every)
    assert (counted.open, counted.overdue, counted.undue) == (5, 3, 2)
    done = act(after(session, 100), dataset, every[0], state=ANSWERED)
    assert done.due is None
    (whole,) = follow_ups.measured(after(session, 101), dataset, every)
    assert (whole.answered, whole.judged) == (1, 3)  # what had no deadline is not late


def test_two_equal_rows_of_a_file_are_two_comments(session: Session) -> None:
    dataset = keep(session)
    one, *_, last = events(session, dataset)
    act(session, dataset, one, state=ANSWERED, who="Bia")
    assert states(session, dataset) == ["answered", "new", "new", "new"]
    assert follow_ups.alike(session, dataset, events(session, dataset)) == {last.key: "opinioes.csv"}


def test_the_same_file_read_in_another_way_holds_the_same_comments(session: Session) -> None:
    first = keep(session)
    act(session, first, events(session, first)[0], state=ANSWERED, who="Bia")
    (series,) = session.workspace.series(PRODUCT.key)
    recipe = Recipe.of({"care_level": None}, None)
    again = datasets.keep(session, PRODUCT.key, csv(LINES), "de novo.csv", recipe=recipe, into=Into(series=series.id))
    assert again.id != first and states(session, again.id) == ["answered", "new", "new", "new"]
    assert keep(session, LINES, Into(series=series.id)) == first


@pytest.mark.usefixtures("hourly")
def test_files_sent_together_hold_the_comments_that_each_of_them_holds(session: Session) -> None:
    first = keep(session)
    act(session, first, events(session, first)[0], state=ANSWERED, who="Bia")
    (series,) = session.workspace.series(PRODUCT.key)
    uploads = [(csv([NEXT, LINES[0]]), "outra.csv"), (csv(LINES), "opinioes.csv")]
    joined = joining.keep_joined(session, PRODUCT.key, uploads, into=Into(series=series.id)).id
    assert states(session, joined) == ["new", "new", "answered", "new", "new", "new"]
    since = [one.taken_in for one in follow_ups.of(session, joined, events(session, joined)).values()]
    assert since == [sent(session, joined)] * 2 + [sent(session, first)] * 4
    assert next_file(session, [NEXT, LINES[0]]) != joined and len(set(event_keys.named(session, joined).values())) == 6


@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.sampled_from([*LINES[:3], NEXT]), min_size=1, max_size=8), st.data())
def test_nothing_is_hidden_whatever_a_short_file_says(
    session: Session, lines: list[tuple[str, str, str]], data: st.DataObject
) -> None:
    """Files of words that were all answered before: each row of the next one is new, and says of which it is like."""
    first = keep(session, lines, Into(name="Clínica"))
    for one in events(session, first):
        act(session, first, one, state=RESOLVED)
    again = data.draw(st.permutations([*lines, *lines]))
    series = session.workspace.dataset(first).series
    second = keep(session, again, Into(series=series))
    assert set(states(session, second)) == {"new"}
    assert set(follow_ups.alike(session, second, events(session, second))) == {e.key for e in events(session, second)}


def test_what_was_done_goes_with_the_last_file_that_holds_it(session: Session) -> None:
    first = keep(session, LONG)
    (series,) = session.workspace.series(PRODUCT.key)
    second = next_file(session, MORE)
    both, alone = events(session, second)[0], events(session, second)[-1]
    for one in (both, alone):
        act(session, second, one, state=ANSWERED, note=NOTE, who="Bia")
    assert event_keys.only_here(session, second) == (alone.key,)
    assert not [path for path, text in at_rest(session.workspace.home).items() if "marido" in text]

    datasets.erase_raw(session, second)  # its own notes may quote what is erased
    assert set(follow_ups.notes(session, first, [both.key, alone.key])) == {both.key}
    assert follow_ups.of(session, second, [alone])[alone.key].state == ANSWERED

    datasets.delete(session, second)
    assert set(session.workspace.follow_ups(series.id)) == {both.key}
    datasets.delete(session, first)
    assert (
        session.workspace.follow_ups(series.id) == {}
        and session.workspace.follow_up_events(series.id, [both.key]) == {}
    )
    told = [e.facts for e in entries(session.workspace) if e.action in ("dataset_deleted", "vault_erased")]
    assert [f.get("follow_ups", f.get("notes")) for f in told] == [1, 1, 1]


@pytest.mark.usefixtures("hourly")
def test_repairs_joins_and_another_series_carry_it(session: Session) -> None:
    first = keep(session)
    one = events(session, first)[1]
    act(session, first, one, state=ANSWERED, who="Bia")
    step = Step(StepKind.VALUE, "care_level", "Consulta", "Retorno")
    fixing.apply(session, first, (step,))
    assert follow_ups.of(session, first, [one])[one.key].state == ANSWERED
    fixing.undo(session, first, 0)
    assert follow_ups.of(session, first, [one])[one.key].state == ANSWERED

    (series,) = session.workspace.series(PRODUCT.key)
    second = next_file(session, [NEXT, LINES[1]])
    moments = [sent(session, first)] * 4 + [sent(session, second)] * 2
    joined = joining.add(session, first, second).id
    assert states(session, joined) == ["new", "answered", "new", "new", "new", "new"]
    found = follow_ups.of(session, joined, events(session, joined))
    assert [one.taken_in for one in found.values()] == moments  # joining doesn't begin the waiting anew

    moved = placing.move(session, joined, Into(name="Clínica B"))
    assert set(session.workspace.follow_ups(moved.id)) == {one.key} and session.workspace.follow_ups(series.id) == {}
    assert len(follow_ups.history(session, joined, one.key)) == 1


def test_what_does_not_follow_or_is_not_there_is_refused(session: Session) -> None:
    dataset = keep(session)
    one = events(session, dataset)[0]
    act(session, dataset, one, state=RESOLVED)
    with refused(PresencaError, match="não está mais no estado"):
        act(session, dataset, one, state=ANSWERED)
    with refused(PresencaError, match="não está mais nos dados"):
        follow_ups.change(session, dataset, Asked("f" * 16, 9), FollowUpChange(RESOLVED), expected_version=0)
    assert follow_ups.of(session, dataset, [Asked("f" * 16, 9)]) == {}


def test_the_audit_log_names_neither_people_nor_words(session: Session) -> None:
    dataset = keep(session)
    act(session, dataset, events(session, dataset)[0], state=ANSWERING, owner="Bia", note=NOTE, who="Bia")
    (entry,) = [e for e in entries(session.workspace) if e.action == "follow_up_changed"]
    assert entry.facts == {
        "actor": "person",
        "dataset": dataset,
        "state": "answering",
        "did": ["state", "owner", "note"],
    }
