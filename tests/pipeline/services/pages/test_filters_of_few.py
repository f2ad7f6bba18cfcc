"""A file for a board is refused where its filter, beside the view without it, would tell of few."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import services
from pipeline.errors import PresencaError
from pipeline.insight.groups.counts import Filters
from pipeline.products.no_show import PRODUCT
from pipeline.services.data import datasets
from pipeline.services.data.placing import Into
from pipeline.services.pages import risk
from pipeline.services.session import Session
from pipeline.services.settings import SMALL_CELLS
from tests.refusals import refused

SIZES = {"Norte": 40, "Sul": 30, "Leste": 5}


@pytest.fixture
def session(workspace_home: Path) -> Session:
    return Session(services.open_workspace())


def kept(session: Session) -> str:
    lines = ["Id Paciente;Data Agendamento;Data Contato;Status;Unidade;Procedimento;Tipo"]
    for unit, size in SIZES.items():
        for i in range(size):
            came = "Falta" if i % 3 == 0 else "Realizado"
            lines.append(f"{unit}{i};{1 + i % 28:02d}/03/2026 10:00;01/02/2026;{came};{unit};Consulta;Retorno")
    return datasets.keep(session, PRODUCT.key, "\n".join(lines).encode(), "m.csv", into=Into(name="Centro")).id


def test_few_in_view_and_few_left_out_are_refused_in_files_and_where_asked_on_pages(session: Session) -> None:
    dataset = kept(session)
    names = dict(risk.options(session, dataset).values)["unit"]
    few = next(name for name in names if name.casefold() == "leste")
    for chosen in ((few,), tuple(name for name in names if name != few)):
        filters = Filters(values={"unit": chosen})
        assert risk.overview(session, dataset, None, filters).rows  # a page shows it until the clinic asks otherwise
        with refused(PresencaError, match="menos de 8 linhas"):
            risk.board_html(session, dataset, None, filters)
    assert risk.board_html(session, dataset, None, Filters(values={"unit": (names[0],)}))
    session.workspace.set_setting(SMALL_CELLS, True)
    with refused(PresencaError, match="menos de 8 linhas"):
        risk.overview(session, dataset, None, Filters(values={"unit": (few,)}))
