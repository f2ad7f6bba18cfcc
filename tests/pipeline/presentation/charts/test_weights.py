"""The swarm and the chart of one factor: light, named, and closed to what a file may hold."""

from __future__ import annotations

from pipeline.presentation.charts import dependence_chart, pair_bars, swarm
from pipeline.presentation.charts.swarm import DOTS
from pipeline.presentation.frames import weight_tables
from pipeline.presentation.sentences import weight_words
from pipeline.presentation.theme import DARK, LIGHT
from pipeline.products.no_show import PRODUCT
from pipeline.records import Dependence, DependenceBin, FactorPair, FactorSpread, JointWeights, SpreadCell, WeightSpread

CELLS = tuple(SpreadCell(place / 200, band, 40 + 9 * abs(place)) for place in range(-20, 30) for band in (0, 1, -1))
SPREAD = WeightSpread(
    9_000,
    0.005,
    tuple(FactorSpread(key, 0.05, -0.08, 0.12, CELLS) for key in ("lead_time", "age", "unit")),
    12,
    ("unit",),
)
LEAD = Dependence(
    "lead_time",
    "days",
    (DependenceBin(0, 0, "", 900, -0.08, -0.1, -0.06), DependenceBin(1, 3, "", 600, 0.01, -0.01, 0.03, 1.4)),
    DependenceBin(None, None, "", 50, 0.0, -0.01, 0.01),
    3,
)
UNITS = Dependence("unit", "", (DependenceBin(None, None, "<b>Sul</b> [x](y)", 80, 0.02, 0.01, 0.03),), None, 0)


def test_a_swarm_is_light_and_stays_in_its_line() -> None:
    for theme in (LIGHT, DARK):
        chart = swarm(SPREAD, PRODUCT, theme)
        assert sum(len(trace.x) for trace in chart.figure.data) <= DOTS
        for place, trace in enumerate(chart.figure.data):
            assert all(abs(y - place) < 0.5 for y in trace.y)
    assert "Antecedência de −8,0 a +12,0" in chart.alt


def test_values_are_said_and_text_of_a_file_is_closed() -> None:
    chart = dependence_chart(LEAD, PRODUCT, LIGHT)
    assert "0 dias: −8,0; 1 a 3 dias: +1,0" in chart.alt
    heights = chart.figure.data[2].y
    assert list(heights) == [900, 200]  # rows for each day
    assert list(chart.figure.data[1].x) == [0.0, 1.4] and list(chart.figure.data[2].x) == [0.0, 2.0]
    unit = dependence_chart(UNITS, PRODUCT, LIGHT)
    assert "<b>Sul" not in str(unit.figure.layout.annotations) and "<b>Sul" not in str(unit.figure.data[1].hovertext)
    days = Dependence("calendar", "weekday", (DependenceBin(0, 0, "", 9, 0.0, 0.0, 0.0),), None, 0)
    assert "seg" in dependence_chart(days, PRODUCT, LIGHT).alt


def test_tables_and_words() -> None:
    assert weight_tables.spread(SPREAD, PRODUCT)["80% das linhas"].tolist() == ["−8,0 a +12,0"] * 3
    assert weight_tables.dependence(LEAD)["Valor"].tolist() == ["0 dias", "1 a 3 dias", "sem valor"]
    said = weight_words.about(SPREAD, PRODUCT, filtered=True)
    assert "9.000" in said and said.endswith("dos que a página mostra.")
    assert "filtros" not in weight_words.about(SPREAD, PRODUCT, filtered=False)
    said = weight_words.key(SPREAD, PRODUCT)
    assert "De idade não se mostram os valores." in said and "12\u00a0pontos" in said
    told = weight_words.dependence_key(LEAD, PRODUCT)
    assert "Sem valor: 0,0 em média, em 50\u00a0agendamentos." in told and "barras" in told


PAIRS = JointWeights(
    265,
    (
        FactorPair("lead_time", "holiday", 0.0111, -0.0163, 0.0178, where_raised=0.043, where_lowered=0.0191),
        FactorPair("history", "lead_time", 0.004, -0.005, 0.003, where_raised=0.0117, where_lowered=0.0102),
    ),
)


def test_who_acts_together_is_said_drawn_and_listed() -> None:
    told = weight_words.together(PAIRS, PRODUCT)
    assert told.lead == "Antecedência e feriados são os fatores que mais agem juntos: 1,1 ponto em média."
    assert told.rest == (
        "Onde a antecedência mais aumenta o risco, os feriados pesam 4,3 pontos; onde mais o diminui, 1,9 ponto."
    )
    assert weight_words.partner(PAIRS, "history", PRODUCT) == (
        "Histórico do paciente age mais junto com antecedência: 0,4 ponto em média. Onde o histórico do paciente mais "
        "aumenta o risco e onde mais o diminui, a antecedência pesa quase o mesmo: 1,2 e 1,0 ponto."
    )
    assert weight_words.partner(PAIRS, "unit", PRODUCT) == ""
    assert weight_words.partner(PAIRS, "holiday", PRODUCT) == (
        "Feriados agem mais junto com antecedência: 1,1 ponto em média."
    )
    chart = pair_bars(PAIRS.pairs, PRODUCT, LIGHT)
    assert "Antecedência e feriados 1,1; Histórico do paciente e antecedência 0,4" in chart.alt
    table = weight_tables.together(PAIRS, PRODUCT)
    assert table["80% das linhas"].tolist() == ["−1,6 a +1,8", "−0,5 a +0,3"] and set(table["n"]) == {"265"}
    assert "265" in weight_words.together_key(PAIRS, PRODUCT)


def test_nothing_worth_telling_and_too_few_rows_are_said() -> None:
    assert weight_words.together(JointWeights(400, ()), PRODUCT).lead == "Nenhum par de fatores se destaca."
    assert "12\u00a0agendamentos" in weight_words.too_few(JointWeights(12, ()), PRODUCT)
