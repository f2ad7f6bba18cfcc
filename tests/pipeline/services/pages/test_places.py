"""Where patients are content, of a kept file: its dimensions, sums that tie, and the reasons of the risk page."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.insight.groups import small_cells
from pipeline.presentation.locale.messages import say
from pipeline.products.satisfaction import PRODUCT
from pipeline.products.satisfaction import sample_world as world
from pipeline.services import Workspace
from pipeline.services.data import datasets
from pipeline.services.pages import comments, places, risk
from pipeline.services.pages.comments import CommentFilters, HeardComments

ALL = CommentFilters()


def test_a_file_is_split_by_what_it_has(space: Workspace, heard: HeardComments) -> None:
    found = places.dimensions(space, heard)
    assert found[:2] == ("unit", "sector") and "professional" not in found and "cep_uf" in found
    offered = dict(comments.options(space, heard))
    assert set(offered["unit"]) == {name for name, _ in world.UNITS} and "health_plan" not in offered


@pytest.mark.parametrize("column", ["unit", "sector", "cep_uf"])
def test_rows_sum_to_the_summary_under_any_filter(space: Workspace, heard: HeardComments, column: str) -> None:
    for filters in (ALL, CommentFilters(values=(("care_mode", "Remoto"),)), CommentFilters(last_days=90)):
        view = places.by(space, heard, filters, column)
        total = comments.summary(space, heard, filters)
        assert sum(row.level.events for row in view.rows) + view.untold == total.events == view.total.events
        assert view.total.stars == total.stars and view.total.balance == total.balance
        assert view.total.detractors == total.detractors
        told = small_cells.places(view)  # a file is handed on
        assert places.places_csv(view, PRODUCT).count(b"\n") == len(told.rows) + 1
        assert places.periods_csv(view, PRODUCT).count(b"\n") == len(told.periods) + 1


def test_a_filter_by_unit_narrows_and_its_cards_name_it(space: Workspace, heard: HeardComments) -> None:
    filters = CommentFilters(values=(("unit", "Unidade Norte"),))
    found = comments.listed(space, heard, filters, comments.LISTS[2])
    assert 0 < found.total < comments.summary(space, heard, ALL).events
    assert all("Unidade Norte" in item.details for item in found.items)


def test_a_group_of_the_risk_page_is_explained_in_themes_and_still_adds_up(
    space: Workspace, heard: HeardComments
) -> None:
    nothing = risk.Filters(None, None, {})
    bars, said = places.why_group(space, heard.dataset_id, heard.model_id, "unit", "Unidade Norte", nothing)
    assert bars is not None and said is not None and said.value == "Unidade Norte"
    total = sum(c.points for c in bars.contributions)
    assert total == pytest.approx(bars.predicted - bars.predicted_overall, abs=1e-12)
    names = [say(c.said) for c in bars.contributions]
    assert "Comentário" not in names and any(name.startswith("O que se ") for name in names)
    lone, untold = places.why_group(space, heard.dataset_id, heard.model_id, "unit", "Nenhuma", nothing)
    assert lone is None and untold is None


def test_a_file_kept_without_units_has_no_such_filter_and_no_such_chart(space: Workspace, tmp_path: Path) -> None:
    lines = ["Data do evento;Classificação;Texto;Nível de atendimento"]
    lines += [f"{1 + i % 28:02d}/0{1 + i % 9}/2026;{1 + i % 5};Fui na visita {i};Consulta" for i in range(40)]
    path = tmp_path / "simples.csv"
    path.write_text("\n".join(lines), "utf-8")
    info = datasets.keep(space, PRODUCT.key, path, path.name)
    options = risk.options(space, info.id)
    assert "unit" not in dict(options.values) and options.of("unit") == ()
    view = risk.overview(space, info.id, None, risk.Filters(None, None, {}))
    assert "unit" not in dict(view.groups) and "unit" not in view.absent
