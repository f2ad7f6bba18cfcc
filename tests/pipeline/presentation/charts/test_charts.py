"""Figures hold what the records say, in the words and order that the pages promise."""

from __future__ import annotations

import dataclasses
import re

import pytest

from pipeline.presentation import charts
from pipeline.presentation.charts import Chart
from pipeline.presentation.charts.tilemap import PLACES
from pipeline.presentation.locale import messages, numbers
from pipeline.presentation.spreadsheets.template import UFS as ALL_UFS
from pipeline.presentation.theme import DARK, LIGHT, Theme
from pipeline.records import Contribution, HeatCell, Interval, RowExplanation, note, said
from pipeline.records.effects import CallsThatPay, GainPoint, PayingCalls, Qini, QiniPoint
from tests.pipeline.presentation import examples as ex

PAYING = PayingCalls(
    CallsThatPay(2, 2, 3, 3.0, 20.0),
    Interval(2, 1, 3),
    4.0,
    own=False,
    example=True,
    curve=(GainPoint(1, 20.0, 5.0, 30.0), GainPoint(2, 8.0, 3.0, 12.0), GainPoint(3, 3.0, -1.0, 5.0)),
)
QINI = Qini(Interval(0.01, 0.002, 0.02), 900, (QiniPoint(0.0, 0.0), QiniPoint(0.5, 0.03), QiniPoint(1.0, 0.04)))


def every(theme: Theme) -> dict[str, Chart]:
    test = ex.CARD.test
    return {
        "dots": charts.dot_plot(ex.GROUPS, 0.198, theme),
        "map": charts.tile_map(ex.UFS, theme),
        "contributions": charts.contribution_bars(ex.WHY, theme),
        "importance": charts.importance_bars(ex.CARD.importance, ex.PRODUCT, theme),
        "waterfall": charts.waterfall(ex.ROW, theme, row_word="reserva"),
        "heat": charts.heat_map(ex.HEAT, theme),
        "months": charts.monthly_lines(ex.MONTHS, ex.VIEW.predicted_by_period, theme),
        "calibration": charts.calibration_plot(test.calibration, theme),
        "reach": charts.reach_curve(test.reach, theme, events="abandonos"),
        "gain": charts.gain_curve(PAYING, theme),
        "qini": charts.qini_curve(QINI, theme),
    }


def texts(chart: Chart) -> list[str]:
    return [a.text for a in chart.figure.layout.annotations]


def plain(chart: Chart) -> list[str]:
    return [re.sub(r"<[^>]+>", "", t) for t in texts(chart)]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda t: t.name)
def test_all_charts_keep_the_house_rules(theme: Theme) -> None:
    for name, chart in every(theme).items():
        layout = chart.figure.layout
        assert layout.separators == ",.", name
        assert layout.paper_bgcolor == layout.plot_bgcolor == "rgba(0,0,0,0)", name
        assert layout.dragmode is False and layout.showlegend is False, name
        assert layout.xaxis.fixedrange and layout.yaxis.fixedrange, name
        assert layout.height == chart.height and not layout.title.text, name
        assert chart.alt.endswith(".") and len(chart.alt) > 20, name
        assert not layout.template.layout.colorway, name
        for trace in chart.figure.data:
            assert trace.hoverinfo == "skip" or trace.hovertemplate == "%{hovertext}<extra></extra>", name


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda t: t.name)
def test_text_from_a_file_is_never_markup(theme: Theme) -> None:
    for name, chart in every(theme).items():
        hovers = [h for trace in chart.figure.data for h in (trace.hovertext or ())]
        ticks = [*(chart.figure.layout.xaxis.ticktext or ()), *(chart.figure.layout.yaxis.ticktext or ())]
        for text in (*texts(chart), *hovers, *ticks):
            assert not re.sub(r"</?b>|<br>|</?span( style=\"color:#\w{6}\")?>", "", text).count("<"), (name, text)


def test_dots_keep_their_order_and_are_coloured_by_their_interval() -> None:
    chart = charts.dot_plot([ex.GROUPS[i] for i in (1, 2, 3, 4, 0, 5)], 0.198, LIGHT)
    dots = chart.figure.data[-1]
    assert dots.customdata[0][0] == "Filial Ponta Negra"
    assert dots.marker.color[0] == LIGHT.event
    assert dots.marker.color[3] == LIGHT.neutral and dots.marker.color[4] == LIGHT.non_event
    assert "27,8% n\u00a0890" in plain(chart)
    assert "média 19,8%" in plain(chart)
    assert "– n\u00a00" in plain(chart), "a group without outcomes says so"
    assert chart.height == 6 * 44 + 56


def test_dots_are_limited_and_say_so() -> None:
    chart = charts.dot_plot(ex.GROUPS, 0.198, LIGHT, limit=2)
    assert "(2 de 6 grupos)" in chart.alt
    assert len(chart.figure.data[-1].x) == 2
    assert charts.dot_plot([], None, LIGHT).alt == "Taxa observada: nenhum grupo a mostrar."


def test_every_federative_unit_has_one_place() -> None:
    assert sorted(PLACES) == sorted(ALL_UFS) and len(PLACES) == 27
    assert len(set(PLACES.values())) == 27
    assert PLACES["RS"] == (2, 8) and PLACES["AC"] == (0, 2) and PLACES["RN"] == (5, 1)


def test_map_hides_small_numbers() -> None:
    shown = texts(charts.tile_map(ex.UFS, LIGHT))
    assert "n\u00a028" in shown and "21%" not in shown
    assert shown.count("–") == 22
    assert {"28%", "29%", "12%", "15%"} <= set(shown)
    assert charts.tile_map([], LIGHT).alt.startswith("Mapa das UFs: nenhuma")


def test_contributions_sum_to_the_gap_that_is_printed() -> None:
    chart = charts.contribution_bars(ex.WHY, LIGHT)
    assert sum(chart.figure.data[0].x) == pytest.approx(0.064)
    assert plain(chart)[-2:] == ["Diferença entre os modelos de cada período", "+1,8"]
    assert list(chart.figure.data[0].marker.color)[2] == LIGHT.non_event


def test_the_weak_are_summed_and_the_sum_is_kept() -> None:
    many = [Contribution(f"f{i}", said(f"Fator {i}"), 0.01 / (i + 1)) for i in range(10)]
    kept = charts.strongest([*many, Contribution("reference", said("Diferença"), -0.02)], keep=6, last=("reference",))
    assert [messages.say(c.said) for c in kept][-2:] == ["Outros 4 fatores somados", "Diferença"]
    assert sum(c.points for c in kept) == pytest.approx(sum(c.points for c in many) - 0.02)
    assert len(charts.strongest(many[:7], keep=6)) == 7, "one factor alone is not worth a sum"


def test_no_bar_of_nothing_and_the_group_itself_last() -> None:
    parts = (
        Contribution("branch", said("Filial"), 0.027),
        Contribution("lead", said("Antecedência"), 0.031),
        Contribution("tiny", said("Sexo"), 0.0003),
        Contribution("small", said("Feriados"), -0.0004),
        Contribution("reference", said("Diferença"), 0.0001),
    )
    why = dataclasses.replace(ex.WHY, predicted=0.198 + 0.058, contributions=parts, field="branch", own="branch")
    chart = charts.contribution_bars(why, LIGHT, own="O próprio histórico da filial")
    assert plain(chart) == ["Antecedência", "+3,1", "O próprio histórico da filial", "+2,7"]
    kept = charts.strongest(parts, last=("reference",))
    assert [messages.say(c.said) for c in kept] == ["Antecedência", "Filial", "Outros 3 fatores somados"]
    assert sum(c.points for c in kept) == pytest.approx(sum(c.points for c in parts))


def test_a_chosen_cell_has_a_frame_and_weeks_have_days() -> None:
    framed = charts.heat_map(ex.HEAT, LIGHT, chosen=("tue", "1–3")).figure.layout.shapes
    assert [s.line.width for s in framed].count(3) == 1
    weeks = [dataclasses.replace(m, period=f"2026-03-{2 + 7 * i:02d}") for i, m in enumerate(ex.MONTHS[:3])]
    assert list(charts.monthly_lines(weeks, (), LIGHT).figure.layout.xaxis.ticktext)[-1] == "02/03"
    assert any("25%" in t for t in plain(charts.reach_curve(ex.CARD.test.reach, LIGHT, tenth=0.25)))


def test_the_waterfall_adds_up_exactly() -> None:
    chart = charts.waterfall(ex.ROW, LIGHT, row_word="reserva")
    bars = chart.figure.data[0]
    ends = [b + x for b, x in zip(bars.base, bars.x, strict=True)]
    assert ends[0] == pytest.approx(ex.ROW.reference)
    for start, before in zip(bars.base[1:-1], ends[:-2], strict=True):
        assert start == pytest.approx(before)
    assert ends[-2] == pytest.approx(ex.ROW.risk) == pytest.approx(ends[-1])
    shown = [t for t in plain(chart) if re.fullmatch(r"[+−]?\d+,\d%?", t)]
    amounts = [float(t.strip("%").replace("−", "-").replace(",", ".")) for t in shown]
    assert sum(amounts[:-1]) == pytest.approx(amounts[-1])


def test_a_waterfall_below_zero_points_stays_on_the_page() -> None:
    row = RowExplanation(0.2, 0.05, (Contribution("a", said("A"), -0.25), Contribution("b", said("B"), 0.1)))
    low, high = charts.waterfall(row, LIGHT).figure.layout.xaxis.range
    assert low <= -0.0499 and high >= 0.2


def test_a_factor_of_nothing_is_no_line_of_the_waterfall() -> None:
    row = RowExplanation(0.2, 0.3002, (Contribution("a", said("A"), 0.1), Contribution("b", said("B"), 0.0002)))
    alt = charts.waterfall(row, LIGHT).alt
    assert "A +10,0" in alt and "0,0;" not in alt.replace("+10,0", "") and "Outro fator" not in alt, alt


def test_heat_map_hides_small_cells() -> None:
    shown = texts(charts.heat_map(ex.HEAT, LIGHT))
    assert shown.count("·") == 1 and len(shown) == 9
    assert charts.heat_map([HeatCell("mon", "0", 3, None)], LIGHT).alt.startswith("Mapa de calor: nenhuma")


def test_months_leave_a_gap_and_label_both_ends() -> None:
    chart = charts.monthly_lines(ex.MONTHS, ex.VIEW.predicted_by_period, LIGHT)
    observed = chart.figure.data[-1]
    assert observed.y[4] is None and not observed.connectgaps
    assert len([t for t in chart.figure.data if t.fill == "toself"]) == 2
    assert any(t.startswith("observado") and "26,0%" in t for t in plain(chart))
    assert any(t.startswith("previsto") for t in plain(chart))
    assert numbers.percent(ex.MONTHS[0].rate.value if ex.MONTHS[0].rate else None) in plain(chart)
    assert chart.figure.layout.yaxis.range[0] == 0
    assert chart.figure.layout.xaxis.ticktext[0] == "dez/2025"


def test_months_without_outcomes_say_so() -> None:
    empty = [dataclasses.replace(m, rate=None, outcomes=0) for m in ex.MONTHS]
    assert charts.monthly_lines(empty, (), LIGHT).alt == "Taxa no tempo: nenhum período com resultados suficientes."
    assert charts.monthly_lines(ex.MONTHS[:1], (), LIGHT).figure is not None


def test_reach_names_the_tenth() -> None:
    chart = charts.reach_curve(ex.CARD.test.reach, LIGHT, events="abandonos")
    assert any("10% das ligações" in t for t in plain(chart))
    assert "10%" in chart.alt


def test_what_is_no_reason_to_call_has_a_bar_of_its_own_and_a_sum_of_nothing_none() -> None:
    given = (
        Contribution("a", said("Antecedência de 42 dias"), 0.2),
        Contribution("others", said("Outros 3 fatores somados"), 0.0001),
        Contribution("protected", note("factors.protected", labels=["Idade", "Sexo"]), 0.149),
    )
    alt = charts.waterfall(RowExplanation(0.2, 0.5491, given), LIGHT).alt
    assert "Idade e sexo, que não são motivo de contato +14,9" in alt and "Outros" not in alt and "54,9%" in alt
    one = (given[0], Contribution("protected", note("factors.protected", labels=["Idade"]), 0.1))
    assert "Idade, que não é motivo de contato +10,0" in charts.waterfall(RowExplanation(0.2, 0.5, one), LIGHT).alt


def test_nothing_under_half_a_point_is_drawn_and_the_sum_is_kept() -> None:
    given = (
        Contribution("a", said("A"), 0.06),
        Contribution("b", said("B"), -0.007),
        Contribution("c", said("C"), 0.004),
        Contribution("others", said("Outros 3 fatores somados"), 0.0),
        Contribution("protected", note("factors.protected", labels=["Idade"]), -0.003),
    )
    chart = charts.waterfall(RowExplanation(0.2, 0.254, given), LIGHT)
    bars = chart.figure.data[0]
    assert all(abs(x) >= 0.005 for x in bars.x), chart.alt
    assert bars.base[-2] + bars.x[-2] == pytest.approx(0.254) and "Outros 3 fatores somados −0,6" in chart.alt
    alone = charts.waterfall(RowExplanation(0.2, 0.203, (Contribution("a", said("A"), 0.003),)), LIGHT)
    assert "Outro fator +0,3" in alone.alt, "a gap that nothing else makes is told as it is"


def test_the_curves_of_an_order_say_their_figures() -> None:
    gain, qini = charts.gain_curve(PAYING, LIGHT), charts.qini_curve(QINI, LIGHT)
    assert "– – custo de uma ligação: R$\u00a04,00" in plain(gain) and "2\u00a0devolvem mais do que custam" in gain.alt
    assert list(gain.figure.data[-1].y) == [20.0, 8.0, 3.0] and gain.figure.layout.yaxis.range[0] == -1.0
    assert all(float(text).is_integer() for text in gain.figure.layout.xaxis.ticktext)
    assert (
        list(qini.figure.data[0].y) == [0.0, 30.0, 40.0]
        and "A primeira metade evita 30,0, a lista toda 40,0" in qini.alt
    )
    assert charts.qini_curve(Qini(Interval(0.0, 0.0, 0.0), 0), LIGHT).alt.endswith(".")
