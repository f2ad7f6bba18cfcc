"""The patients' voice of whoever is of some units alone: their comments, and what is done about these."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from pipeline import services
from pipeline.errors import PresencaError
from pipeline.products.satisfaction import PRODUCT
from pipeline.records import Asked, FollowUpChange, FollowUpFilter, FollowUpState, Role, User
from pipeline.services.data import datasets
from pipeline.services.models import models
from pipeline.services.pages import comments, follow_ups, places, today
from pipeline.services.pages.comments import CommentFilters, HeardComments
from pipeline.services.session import Session
from tests.conftest import TEST_KEY
from tests.refusals import refused
from tests.toy.house import move_in

COLUMN = "unit"
ALL = CommentFilters()


@dataclass(frozen=True)
class Voice:
    """What patients say of a network, and two of its units."""

    whole: Session
    heard: HeardComments
    units: tuple[str, ...]

    def of(self, unit: str, role: Role = Role.MANAGER) -> Session:
        """Somebody of one unit, spelled otherwise than in the file."""
        return replace(self.whole, user=User("0" * 12, "a", "A", role, (f" {unit.upper()}",)), lent=False)

    @cached_property
    def theme(self) -> str:
        """One that is spoken of."""
        return comments.themes(self.whole, self.heard, ALL).themes[0].key

    @cached_property
    def sector(self) -> str:
        """One of the first unit's."""
        return dict(comments.options(self.of(self.units[0]), self.heard))["sector"][0]

    def events(self, session: Session, filters: CommentFilters = ALL) -> tuple[Asked, ...]:
        """Those that are to be answered."""
        return comments.events(session, self.heard, filters, comments.ANSWER)


def _only(unit: str) -> CommentFilters:
    return CommentFilters(values=((COLUMN, unit),))


@pytest.fixture(scope="module")
def voice(heard_home: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voice]:
    home = tmp_path_factory.mktemp("voice_units") / "home"
    shutil.copytree(heard_home[1], home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRESENCA_KEY", TEST_KEY)
        patch.setenv("PRESENCA_HOME", str(home))
        move_in(patch, heard_home[0], PRODUCT)
        whole = Session(services.open_workspace())
        past = next(d for d in datasets.datasets(whole, PRODUCT.key) if d.purpose == "past")
        heard = comments.hear(whole, past.id, models.models(whole, PRODUCT.key)[0].id)
        units = dict(comments.options(whole, heard))[COLUMN]
        found = Voice(whole, heard, units)
        for unit in units[:2]:
            for one in found.events(whole, _only(unit))[:3]:
                told = FollowUpChange(FollowUpState.ANSWERING, "Ana", f"nota de {unit}", "Ana")
                follow_ups.change(whole, past.id, one, told, expected_version=0)
        yield found


# What they are told with no filter is what everybody is told with the filter of their unit
Case = Callable[[Voice, Session, CommentFilters], Any]
SAME: dict[str, Case] = {
    "pages.comments.csv": lambda v, s, f: comments.csv(s, v.heard, f, comments.ANSWER, identified=False),
    "pages.comments.events": lambda v, s, f: v.events(s, f),
    "pages.comments.listed": lambda v, s, f: [
        comments.listed(s, v.heard, f, which, size=2_000) for which in comments.LISTS
    ],
    "pages.comments.summary": lambda v, s, f: comments.summary(s, v.heard, f),
    "pages.comments.theme_sentences": lambda v, s, f: comments.theme_sentences(s, v.heard, f, v.theme),
    "pages.comments.themes": lambda v, s, f: comments.themes(s, v.heard, f),
    "pages.comments.waiting": lambda v, s, f: comments.waiting(s, v.heard, f),
    "pages.places.by": lambda v, s, f: places.by(s, v.heard, f, "sector"),
    "pages.places.why": lambda v, s, f: places.why(s, v.heard, f, "sector", v.sector),
    "pages.follow_ups.chosen": lambda v, s, f: follow_ups.chosen(
        s, v.heard.dataset_id, v.events(s, f), FollowUpFilter(follow_ups.OPEN)
    ),
    "pages.follow_ups.measured": lambda v, s, f: follow_ups.measured(s, v.heard.dataset_id, v.events(s, f), COLUMN),
}
# Asked for events of all, they are told of theirs
THEIRS: dict[str, Callable[[Voice, Session, tuple[Asked, ...]], Any]] = {
    "pages.follow_ups.of": lambda v, s, e: follow_ups.of(s, v.heard.dataset_id, e),
    "pages.follow_ups.alike": lambda v, s, e: follow_ups.alike(s, v.heard.dataset_id, e),
    "pages.follow_ups.counts": lambda v, s, e: follow_ups.counts(s, v.heard.dataset_id, e),
    "pages.follow_ups.notes": lambda v, s, e: follow_ups.notes(s, v.heard.dataset_id, [one.key for one in e]),
    "pages.follow_ups.open_by": lambda v, s, e: follow_ups.open_by(s, v.heard.dataset_id, e, COLUMN),
}
BELOW = {
    *("pages.comments.options", "pages.comments.only", "pages.comments.undated", "pages.comments.xlsx"),
    *("pages.comments.of_rows", "pages.comments.explain", "pages.places.dimensions", "pages.follow_ups.asked"),
    *("pages.follow_ups.change", "pages.follow_ups.history", "pages.follow_ups.with_columns"),
}
# What gives no row: the reading of all comments, kept for everybody; words typed just now; themes; texts of replies
NO_ROW = {
    *(
        "pages.comments.hear",
        "pages.answering.heard",
        "pages.comments.already_heard",
        "pages.comments.sense",
        "pages.comments.read",
    ),
    *("pages.follow_ups.suggested", "pages.themes.active", "data.senses.begin"),
}
TRIED = {*SAME, *THEIRS, *BELOW, *NO_ROW}


@pytest.mark.parametrize("name", SAME)
def test_they_are_told_of_their_comments_what_all_are_told_of_these(voice: Voice, name: str) -> None:
    """One after the other, what is kept being warm: nobody is told what was made for another."""
    case, told = SAME[name], dict[str, str]()
    before = repr(case(voice, voice.whole, ALL))
    one, other = voice.units[:2]
    for unit in (one, other):
        told[unit] = repr(case(voice, voice.of(unit), ALL))
    assert told[one] == repr(case(voice, voice.whole, _only(one)))
    assert repr(case(voice, voice.of(one), ALL)) == told[one]
    assert repr(case(voice, voice.whole, ALL)) == before
    assert len({before, *told.values()}) == 3


@pytest.mark.parametrize("name", THEIRS)
def test_of_the_events_of_all_they_are_told_of_theirs(voice: Voice, name: str) -> None:
    case, every = THEIRS[name], voice.events(voice.whole)
    for unit in voice.units[:2]:
        own = voice.events(voice.whole, _only(unit))
        assert 3 < len(own) < len(every)
        assert case(voice, voice.of(unit), every) == case(voice, voice.whole, own)


def test_a_row_or_an_event_of_another_unit_is_refused(voice: Voice) -> None:
    session, data = voice.of(voice.units[0]), voice.heard.dataset_id
    own, theirs = (voice.events(voice.whole, _only(unit))[0] for unit in voice.units[:2])
    note = FollowUpChange(None, None, "soube", "Bia")
    asked: list[Callable[[Asked], object]] = [
        lambda one: comments.of_rows(session, voice.heard, [one.row]),
        lambda one: comments.explain(session, voice.heard, one.row),
        lambda one: follow_ups.asked(session, data, {one.row: "detractor"}),
        lambda one: follow_ups.history(session, data, one.key),
        lambda one: follow_ups.change(session, data, one, note, expected_version=1),
    ]
    for ask in asked:
        ask(own)
        with pytest.raises(PresencaError) as caught:
            ask(theirs)
        assert caught.value.note.code == "session.other_unit"
    assert not [e for e in follow_ups.history(voice.whole, data, theirs.key) if e.note == "soube"]


def test_the_card_of_today_counts_the_comments_of_their_unit(voice: Voice) -> None:
    unit, heard = voice.units[0], voice.heard
    series = voice.whole.workspace.dataset(heard.dataset_id).series
    own, whole = (
        today.today(one, series, dataset_id=heard.dataset_id, model_id=heard.model_id).comments
        for one in (voice.of(unit), voice.whole)
    )
    assert own is not None and whole is not None and own.read
    told = comments.waiting(voice.whole, heard, replace(_only(unit), last_days=today.LATELY))
    assert (own.grave, own.open, own.overdue) == (told.grave.open, told.every.open, told.every.overdue)
    assert 0 < own.open < whole.open
    assert {name for name, _ in (*own.units, *own.late_units)} <= {unit}


def test_filters_and_files_name_their_unit_alone(voice: Voice) -> None:
    unit, *others = voice.units
    session = voice.of(unit)
    assert (
        dict(comments.options(session, voice.heard))[COLUMN] == (unit,) == (comments.only(session)[0].strip().title(),)
    )
    assert comments.undated(session, voice.heard) <= comments.undated(voice.whole, voice.heard)
    assert set(places.dimensions(session, voice.heard)) <= set(places.dimensions(voice.whole, voice.heard))
    own, whole = (
        comments.csv(one, voice.heard, ALL, comments.ALL).decode("utf-8-sig") for one in (session, voice.whole)
    )
    named = re.compile("|".join(map(re.escape, others)))
    assert unit in own and not named.search(own) and named.search(whole)
    assert len(comments.xlsx(session, voice.heard, ALL, comments.ANSWER)) > 1_000


def test_a_unit_without_comments_and_a_file_without_units_say_so(voice: Voice, tmp_path: Path) -> None:
    lines = ["Data do evento;Classificação;Texto;Nível de atendimento"]
    lines += [f"{1 + i % 28:02d}/0{1 + i % 9}/2026;{1 + i % 5};Fui na visita {i};Consulta" for i in range(40)]
    path = tmp_path / "simples.csv"
    path.write_text("\n".join(lines), "utf-8")
    untold = comments.hear(
        voice.whole, datasets.keep(voice.whole, PRODUCT.key, path, path.name).id, voice.heard.model_id
    )
    for session, heard in ((voice.of("Unidade que não há"), voice.heard), (voice.of(voice.units[0]), untold)):
        for case in (comments.options, lambda s, h: comments.listed(s, h, ALL, comments.ALL)):
            with pytest.raises(PresencaError) as caught:
                case(session, heard)
            assert caught.value.note.code == "session.nothing_of_units"


def test_a_unit_opens_no_more_than_the_role(voice: Voice) -> None:
    reader = voice.of(voice.units[0], Role.READER)
    assert comments.summary(reader, voice.heard, ALL).events
    with refused(PresencaError):
        voice.events(reader)
