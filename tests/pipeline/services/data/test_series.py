"""Series: two clinics in one workspace, each recognised by its files; nothing of one reaches the other unasked."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa

from pipeline.errors import PresencaError
from pipeline.products.no_show import PRODUCT as NO_SHOW
from pipeline.records import Recipe, Step, StepKind
from pipeline.services import Workspace, open_workspace
from pipeline.services.data import datasets, fixing, joining, placing, series
from pipeline.services.data.placing import Into
from pipeline.workspace.engine.schema import DATASETS, MODELS, RECIPES, SERIES
from tests.refusals import refused

HEADERS = "Id do paciente;Dt Agendamento;Dt Contato;Status;Unidade\n"
OTHER_HEADERS = "Prontuario;Data da Consulta;Data Marcacao;Situacao;Clinica\n"


def file(patients: range, units: tuple[str, ...], month: int, headers: str = HEADERS, status: str = "") -> bytes:
    """A small file: one appointment a patient, spread over the units and the days of a month."""
    lines = [
        f"{n:06d};{1 + n % 27:02d}/{month:02d}/2025;01/{month:02d}/2025;"
        f"{status or ('No Show' if n % 4 == 0 else 'Realizado')};{units[n % len(units)]}"
        for n in patients
    ]
    return (headers + "\n".join(lines) + "\n").encode()


@pytest.fixture
def space(workspace_home: Path) -> Workspace:
    return open_workspace()


def keep(space: Workspace, data: bytes, name: str, **more: object):  # type: ignore[no-untyped-def]
    return datasets.keep(space, "no_show", data, name, **more)  # type: ignore[arg-type]


NORTH, SOUTH = ("Norte A", "Norte B"), ("Sul A", "Sul B")


def test_a_clinics_next_month_continues_its_series_and_another_clinics_does_not(space: Workspace) -> None:
    first = keep(space, file(range(200), NORTH, 1), "norte_2025-01.csv")
    second = keep(space, file(range(150, 350), NORTH, 2), "norte_2025-02.csv")
    other = keep(space, file(range(5000, 5200), SOUTH, 2), "sul_fev.csv")  # the same system's headers
    assert first.series == second.series != other.series
    assert [s.name for s in series.listed(space, "no_show")] == ["Norte", "Sul fev"]
    assert [d.id for d in series.others(space, second.id)] == [first.id]
    assert series.others(space, other.id) == () and joining.before(space, other) == ()


def test_other_headers_of_the_same_units_and_patients_are_the_same_clinic(space: Workspace) -> None:
    first = keep(space, file(range(200), NORTH, 1), "a.csv")
    moved = keep(space, file(range(100, 300), NORTH, 2, OTHER_HEADERS), "b.csv")
    assert first.series == moved.series
    # patients alone tell, where every unit has another name by now
    renamed = keep(space, file(range(250), ("Matriz", "Filial"), 3, OTHER_HEADERS), "c.csv")
    assert renamed.series == first.series
    # and neither units nor patients in common: another clinic, though the headers are alike
    assert keep(space, file(range(900, 1000), ("Leste",), 3), "d.csv").series != first.series


def test_the_preview_says_which_series_it_is_and_the_user_has_the_last_word(space: Workspace) -> None:
    first = keep(space, file(range(200), NORTH, 1), "norte.csv", into=Into(name="Rede Norte"))
    seen = datasets.preview(space, "no_show", file(range(300), NORTH, 2), "fevereiro.csv")
    assert seen.like is not None and seen.like.series.name == "Rede Norte"
    assert seen.like.units == 1.0 and seen.like.headers and 0.6 < (seen.like.patients or 0) < 0.7
    chosen = keep(space, file(range(300), NORTH, 2), "fevereiro.csv", into=Into(name="Rede Norte"))
    assert chosen.series != first.series  # a new series of a name that is taken gets a number
    assert [s.name for s in series.listed(space, "no_show")] == ["Rede Norte", "Rede Norte 2"]
    back = placing.move(space, chosen.id, Into(first.series))
    assert back.id == first.series and [s.name for s in series.listed(space, "no_show")] == ["Rede Norte"]
    with refused(PresencaError, match="nome"):
        placing.rename(space, first.series, "  ")


def test_remembered_repairs_stay_in_their_series_and_go_with_their_data(space: Workspace) -> None:
    swap = Recipe(steps=(Step(StepKind.VALUE, "status", "Realizado", "No Show"),))
    first = keep(space, file(range(200), NORTH, 1), "norte.csv", recipe=swap)
    stranger = file(range(5000, 5200), SOUTH, 2)
    seen = datasets.preview(space, "no_show", stranger, "sul.csv")
    assert seen.known is None and [r.series for r in seen.elsewhere] == [first.series] and not seen.effects
    mine = datasets.preview(space, "no_show", file(range(40), NORTH, 2), "norte2.csv")
    assert mine.known is not None and [e.cells for e in mine.effects] == [30]
    datasets.delete(space, first.id)
    gone = datasets.preview(space, "no_show", file(range(40), NORTH, 2), "norte2.csv")
    assert gone.known is None and not gone.elsewhere and fixing.recipes(space, "no_show") == ()


def test_repairs_that_are_kept_on_purpose_outlive_their_data(space: Workspace) -> None:
    swap = Recipe(steps=(Step(StepKind.VALUE, "status", "Realizado", "No Show"),))
    first = keep(space, file(range(200), NORTH, 1), "norte.csv", recipe=swap)
    datasets.delete(space, first.id, keep_recipes=True)
    (known,) = fixing.recipes(space, "no_show")
    assert known.series == first.series and [s.name for s in series.listed(space, "no_show")] == ["Norte"]


def test_joining_stays_in_the_series(space: Workspace) -> None:
    january = keep(space, file(range(200), NORTH, 1), "jan.csv")
    february = keep(space, file(range(200), NORTH, 2), "fev.csv")
    south = keep(space, file(range(5000, 5100), SOUTH, 2), "sul.csv")
    with refused(PresencaError, match="séries diferentes"):
        joining.add(space, january.id, south.id)
    both = joining.add(space, february.id, january.id)  # in whichever order they are named
    assert both.series == january.series and both.rows == 400
    march = keep(space, file(range(200), NORTH, 3), "mar.csv")
    assert march.series == both.series


def test_what_an_earlier_version_kept_is_sorted_into_series_once(space: Workspace) -> None:
    kept = [
        keep(space, file(range(200), NORTH, 1), "norte.csv"),
        keep(space, file(range(5000, 5200), SOUTH, 1), "sul.csv"),
        keep(space, file(range(220), NORTH, 2), "norte2.csv"),
    ]
    with space.database.write() as connection:
        connection.execute(SERIES.delete())
        for table in (DATASETS, MODELS, RECIPES):
            connection.execute(table.update().values(series_id=""))
    space.close()
    again = open_workspace()
    found = {d.id: d.series for d in again.datasets("no_show")}
    assert found[kept[0].id] == found[kept[2].id] != found[kept[1].id] and all(found.values())
    with again.database.read() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(SERIES)).scalar() == 2
    again.close()
    assert {d.id: d.series for d in open_workspace().datasets("no_show")} == found


def test_the_day_of_a_list_and_its_history_are_the_series_own(space: Workspace) -> None:
    own = keep(space, file(range(200), NORTH, 1), "norte.csv")
    keep(space, file(range(5000, 5200), SOUTH, 12).replace(b"/2025", b"/2031"), "sul_futuro_distante.csv")
    upcoming = keep(space, file(range(200), NORTH, 3, status="Agendado"), "norte_marco.csv")
    sources = series.others(space, upcoming.id)
    assert [d.id for d in sources] == [own.id] and max(d.last_date for d in sources if d.last_date) == dt.date(
        2025, 1, 27
    )


@pytest.mark.parametrize("files", [1, 2])
def test_some_columns_of_a_series_rows_are_those_of_the_whole_rows(space: Workspace, files: int) -> None:
    kept = [keep(space, file(range(month * 50, month * 50 + 200), NORTH, 2), f"{month}.csv") for month in range(files)]
    columns = ["state", "scheduled_date", "unit", "no_such_column"]
    whole = series.rows_of(space, kept, NO_SHOW)
    some = series.rows_of(space, kept, NO_SHOW, columns)
    assert whole is not None and some is not None and list(some) == columns[:3]
    pd.testing.assert_frame_equal(some, whole[columns[:3]])
