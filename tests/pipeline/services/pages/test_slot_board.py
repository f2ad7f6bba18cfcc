"""Late cancellations that are to be expected: of what a file tells, by lead, apart from no-shows."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from pipeline.products.no_show import PRODUCT
from pipeline.records.slots import LateComing
from pipeline.services import Workspace
from pipeline.services.data import datasets
from pipeline.services.data.placing import Into
from pipeline.services.pages import slot_board
from pipeline.services.session import Session

NOW = dt.datetime(2026, 5, 1, 9, tzinfo=dt.timezone(dt.timedelta(hours=-3)))
HEADER = "Id do paciente;Data de contato;Data do agendamento;Status;Unidade;Data do cancelamento\n"


def told(given_up: str, missed: str = "Realizado") -> LateComing | None:
    """Of 80 past bookings made ten days ahead, 20 cancelled (on `given_up`); 40 to come in ten days, 10 tomorrow."""
    past = [f"{i};05/04/2026;15/04/2026;{'Cancelado' if i < 20 else missed};Centro;" for i in range(80)]
    past = [line + (given_up if i < 20 else "") for i, line in enumerate(past)]
    ahead = [f"{i};21/04/2026;02/05/2026;Agendado;Centro;" for i in range(100, 110)]
    later = [f"{i};01/05/2026;11/05/2026;Agendado;Centro;" for i in range(200, 240)]
    session = Session(Workspace(), now=lambda: NOW)
    sheet = (HEADER + "\n".join([*past, *ahead, *later])).encode()
    info = datasets.keep(session, PRODUCT.key, sheet, "agenda.csv", into=Into(name="Clínica A"))
    return slot_board.late_coming(session, info.id, days=14)


def test_late_cancellations_are_expected_by_lead_with_their_n(workspace_home: Path) -> None:
    found = told("14/04/2026")
    assert found is not None and (found.rows, found.late, found.bookings) == (80, 20, 50)
    assert found.expected.value == pytest.approx(50 * 0.25)  # each bucket is drawn towards the overall quarter
    assert found.expected.low is not None and found.expected.high is not None
    assert 0 <= found.expected.low < found.expected.value < found.expected.high <= 50


def test_what_was_given_up_early_is_not_late(workspace_home: Path) -> None:
    found = told("06/04/2026")
    assert found is not None and (found.rows, found.late, found.expected.value) == (80, 0, 0)


def test_misses_change_nothing(workspace_home: Path) -> None:
    found = told("14/04/2026", missed="Faltou")
    assert found is not None and (found.rows, found.late) == (80, 20)


def test_a_file_that_does_not_tell_when_gives_nothing(workspace_home: Path) -> None:
    assert told("") is None
