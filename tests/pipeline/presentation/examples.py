"""A small declared product and one record of each kind, with text that would like to be code."""

from __future__ import annotations

import datetime as dt
import math

from pipeline.contract import (
    Dimension,
    FeatureKind,
    FeatureSpec,
    Field,
    FieldKind,
    Outcome,
    Product,
    Role,
    Rule,
    RuleKind,
    Sample,
    Severity,
    Value,
    Words,
)
from pipeline.records import (
    Automatic,
    CalibrationBin,
    ColumnMatch,
    Contribution,
    Difference,
    Evaluation,
    ExpectedSkill,
    FieldSummary,
    FileFacts,
    GroupExplanation,
    GroupRow,
    GroupSkill,
    HeatCell,
    Importance,
    Interval,
    Issue,
    IssueWords,
    LearningCurve,
    LearningPoint,
    MetricSet,
    MissingField,
    ModelCard,
    NewUnitTest,
    PeriodRate,
    Quality,
    QualityPart,
    ReachPoint,
    RiskOverview,
    RowExplanation,
    SetAside,
    Skill,
    SkillReference,
    SkillReport,
    SkillSplit,
    Step,
    StepKind,
    Tier,
    ValidationReport,
    note,
    said,
)

HOSTILE = '<script>alert(1)</script>![x](http://mau.example/i.png)=HYPERLINK("http://mau.example") **n** :red[y] $z$'

PRODUCT = Product(
    key="library",
    title="Retiradas de livros",
    description="Prevê quais reservas não são retiradas.",
    words=Words(
        row="reserva",
        rows="reservas",
        event="abandono",
        events="abandonos",
        non_event="retirada",
        rate="Taxa de abandono",
        risk_title="Risco de abandono",
        model_title="Modelo de abandonos",
        finding="Uma em cada {one_in} reservas é abandonada: {rate}.",
        finding_rate="De cada 100 reservas, {per_100} são abandonadas: {rate}.",
        agenda_title="Agenda",
        agenda_finding="Avisar os {calls} primeiros alcança {reached} dos {expected} abandonos esperados.",
        when_title="Quando se abandona mais",
    ),
    fields=(
        Field("reader_id", "Id do leitor", FieldKind.IDENTIFIER, Role.PATIENT, "Número do leitor.", ("00123", "00456"), "Sem ele não há histórico.", ("leitor",), personal=True),
        Field("day", "Data da retirada", FieldKind.DATE, Role.SCHEDULED, "Dia marcado.", ("02/01/2025", "02/01/2025 14:30"), "Sem ela nada se faz.", required=True, keeps_time=True, future_allowed=True),
        Field("asked", "Data do pedido", FieldKind.DATE, Role.CONTACT, "Dia do pedido.", ("01/01/2025",), "Sem ela não há antecedência."),
        Field("result", "Resultado", FieldKind.CLOSED, Role.TARGET, "O que houve.", ("Retirado",), "Sem ele não se treina.",
              values=(Value("Retirado", ("ok",), Outcome.NON_EVENT), Value("Abandonado", (), Outcome.EVENT), Value("Adiado, por hoje", (), Outcome.EXCLUDED))),
        Field("branch", "Filial", FieldKind.OPEN, Role.UNIT, "Nome da filial.", ("Centro",), "Sem ela não há filiais."),
        Field("uf", "UF", FieldKind.UF, Role.UF, "Estado.", ("SP",), "Sem ela não há mapa."),
    ),
    rules=(Rule("late", RuleKind.ORDER, Severity.BLOCKER, ("asked", "day"), "Pedido depois da retirada", "{rows} linhas.", "Confira as datas."),),
    features=(
        FeatureSpec("lead", FeatureKind.LEAD_TIME, ("asked", "day"), "Antecedência"),
        FeatureSpec("history", FeatureKind.HISTORY, ("reader_id", "day"), "Histórico"),
        FeatureSpec("tiny", FeatureKind.CODE, ("uf",), "Sexo", protected=True),
    ),
    dimensions=(
        Dimension("branch", "Em quais filiais se abandona mais", noun="filial", noun_plural="filiais"),
        Dimension("uf", "Onde no Brasil", chart="map", noun="UF", noun_plural="UFs"),
    ),
    sample=Sample(generate=lambda *a, **k: iter(()), files=()),
)  # fmt: skip


def wilson(events: int, rows: int) -> Interval:
    """The 95 % score interval, so that the examples look like results."""
    p, z = events / rows, 1.96
    centre, scale = p + z * z / (2 * rows), 1 + z * z / rows
    half = z * math.sqrt(p * (1 - p) / rows + z * z / (4 * rows * rows))
    return Interval(p, max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale))


def _words(title: str, message: str, effect: str) -> IssueWords:
    """An issue as an earlier version kept it."""
    return IssueWords(said(title), said(message), said(effect))


MONTHS = tuple(
    PeriodRate(f"2025-{m:02d}", 3000, 20 if m == 5 else 3000, 600, None if m == 5 else wilson(540 + 20 * m, 3000))
    for m in range(1, 13)
)

REPORT = ValidationReport(
    product="library",
    file=FileFacts(f"reservas {HOSTILE}.xlsx", "ab" * 32, 1_234_567, "xlsx", None, None, "Base & <b>", ("Base & <b>", "Outra"), (said("Datas do Excel lidas como dia/mês/ano."),)),
    rows_read=84_076,
    rows_usable=83_412,
    rows_left_out=664,
    left_out=(("Pedido depois da retirada", 637), ("Data ilegível", 27)),
    usable_for=("training", "scoring"),
    usable_why=(),
    columns=(
        ColumnMatch("leitor", "reader_id", 1.0, note("mapping.header_same")),
        ColumnMatch("dt", "day", 0.82, note("mapping.by_content"), ("02/01/2025",)),
        ColumnMatch(HOSTILE, None, 0.0, note("mapping.no_field_alike"), ("=1+1",)),
    ),
    fields=(
        FieldSummary("reader_id", "Id do leitor", "leitor", 1.0, 84_076, 52_110, (), 84_076),
        FieldSummary("day", "Data da retirada", "dt", 0.82, 84_050, 362, (("02/01/2025", 410),), 84_023),
        FieldSummary("branch", "Filial", HOSTILE, 0.7, 80_958, 31, ((HOSTILE, 18_000), ("=1+1", 9), ("Centro", 8)), 80_958),
        FieldSummary("uf", "UF", None, 0.0, 0, 0, ()),
    ),
    missing=(MissingField("uf", "UF"),),
    issues=(
        Issue("late", "blocker", "asked", 637, (14, 88, 231), True, kept=_words("Pedido depois da retirada", "Data do pedido: 637 de 84.076 linhas têm data posterior à retirada (ex.: linhas 14, 88, 231). Confira as datas.", "637 linhas ficam de fora")),
        Issue("unreadable", "blocker", "day", 27, (1902, 4410), True, kept=_words("Data ilegível", "Data da retirada: 27 linhas. Escreva dia/mês/ano.", "27 linhas ficam de fora")),
        Issue("empty", "warning", "branch", 3118, (7,), False, kept=_words("Filial vazia", f"Filial: 3.118 vazias, e {HOSTILE}.", "3.118 linhas usadas sem o campo")),
        Issue("note", "note", None, 5, (), False, kept=_words("Ajuste de escrita", "Cinco valores foram lidos de outro modo.", "5 ajustes")),
    ),
    outcomes=(("event", 16_515), ("non_event", 66_897), ("pending", 0), ("excluded", 0), ("unknown", 0)),
    event_rate=wilson(16_515, 83_412),
    first_date=dt.date(2025, 1, 2),
    last_date=dt.date(2025, 12, 30),
    last_outcome_date=dt.date(2025, 12, 30),
    months=MONTHS,
    quality=Quality((QualityPart("lost", 664, 84_076), QualityPart("untaught", 1, 83_412), QualityPart("absent", 83_412, 83_412, "uf", "UF"),
                     QualityPart("blurred", 3_118, 83_412, "branch", "Filial"), QualityPart("aside", 1, 84_077))),
    automatic=(Automatic("always", "branch", "Filial", HOSTILE, 540, 536, 536, dt.date(2025, 2, 1), dt.date(2025, 5, 30), wilson(15_979, 82_876), 82_876,
                         Step(StepKind.ASIDE, "branch", HOSTILE)),
               Automatic("leap", "branch", "Filial", "Centro", 300, 290, 200, dt.date(2025, 6, 1), dt.date(2025, 7, 30), wilson(50, 300), 300,
                         Step(StepKind.ASIDE, "branch", "Centro", "2025-06-01/2025-07-30"))),
    set_aside=(SetAside("branch", "Filial", "Norte", "2025-03-01/2025-04-15", 77),),
    far=((1016, 1), (3025, 2)),
)  # fmt: skip


def metrics(key: str, auc: float) -> MetricSet:
    def around(value: float, half: float) -> Interval:
        return Interval(value, value - half, value + half)

    return MetricSet(
        key,
        around(auc, 0.009),
        around(auc / 2, 0.012),
        around(0.21 - auc / 10, 0.002),
        around(0.012, 0.004),
        around(auc / 3, 0.01),
    )


def evaluation(shift: float = 0.0) -> Evaluation:
    return Evaluation(
        period=(dt.date(2025, 11, 1), dt.date(2025, 12, 30)),
        rows=9_321,
        events=1_812,
        model=metrics("model", 0.742 + shift),
        references=(metrics("lead_time", 0.66), metrics("logistic_regression", 0.715)),
        differences=(
            Difference("lead_time", Interval(0.082, 0.07, 0.094), Interval(-0.011, -0.013, -0.009)),
            Difference("logistic_regression", Interval(0.027, 0.019, 0.035), Interval(-0.001, -0.0025, 0.0004)),
        ),
        calibration=tuple(
            CalibrationBin(p, wilson(round(800 * p * 1.04), 800), 800) for p in (0.03, 0.1, 0.18, 0.27, 0.52)
        ),
        reach=tuple(ReachPoint(i / 20, 1 - (1 - i / 20) ** 2.4) for i in range(21)),
    )


def skill(rows: int, ratio: float, slope: float, auc: float) -> Skill:
    def near(value: float, half: float) -> Interval:
        return Interval(value, value - half, value + half)

    return Skill(
        rows, rows // 5, 0.2, near(auc, 0.01), near(0.14, 0.003), near(0.43, 0.01), near(0.012, 0.004),
        near(ratio, 0.02), near(slope, 0.05), near(0.21, 0.01), near(2.1, 0.1),
    )  # fmt: skip


def group_skill(value: str, rows: int, ratio: float, reach: float, told: str = "") -> GroupSkill:
    near = {name: Interval(v, v - 0.04, v + 0.04) for name, v in (("ratio", ratio), ("auc", 0.7), ("reach", reach))}
    return GroupSkill(
        value, rows, rows // 5, 0.2, wilson(rows // 5, rows), near["ratio"], near["auc"], near["reach"], told
    )


SKILL = SkillReport(
    period=(dt.date(2025, 12, 1), dt.date(2025, 12, 30)),
    all=skill(9_321, 0.99, 1.02, 0.74),
    ahead=skill(6_100, 0.93, 0.97, 0.62),
    calibration=tuple(
        CalibrationBin(p, wilson(round(o * 610), 610), 610) for p, o in ((0.1, 0.1), (0.25, 0.2), (0.45, 0.39))
    ),
    references=(
        SkillReference(
            "logistic_regression", Interval(0.6, 0.59, 0.61), Interval(0.15, 0.14, 0.16), Interval(0.15, 0.14, 0.16),
            Interval(0.02, 0.01, 0.03), Interval(-0.001, -0.002, 0.0), Interval(0.004, -0.01, 0.02),
        ),
    ),
    splits=(
        SkillSplit("month", (group_skill("2025-11", 3000, 1.0, 0.2), group_skill("2025-12", 3100, 0.9, 0.21)), 0),
        SkillSplit(
            "branch",
            (group_skill(HOSTILE, 2000, 1.2, 0.4, "less"), group_skill("Sul", 2100, 0.8, 0.1, "more"), group_skill("", 2000, 1, 0.2)),
            7,
        ),
        SkillSplit("uf", (group_skill("SP", 3000, 1.0, 0.2), group_skill("BA", 3100, 1.0, 0.2)), 0),
    ),
    expected=ExpectedSkill(
        6_100, Interval(1300.0, 1240.0, 1360.0), Interval(0.63, 0.62, 0.64), Interval(0.15, 0.14, 0.16), Interval(0.16, 0.15, 0.17)
    ),
    left_out=((note("evaluate.no_outcome"), 12),),
)  # fmt: skip
NEW_UNIT = NewUnitTest(
    units=14, groups=5, period=(dt.date(2025, 12, 1), dt.date(2025, 12, 30)), ahead=True,
    unseen=skill(6_050, 0.95, 0.9, 0.61), known=skill(6_050, 0.93, 0.94, 0.62),
    auc_gap=Interval(-0.01, -0.018, -0.002), brier_gap=Interval(0.0004, -0.0002, 0.001),
    log_loss_gap=Interval(0.001, -0.001, 0.003), level=Interval(0.96, 0.62, 1.41), level_known=Interval(0.94, 0.8, 1.12),
    by_unit=SkillSplit(
        "branch", (group_skill(HOSTILE, 2000, 1.5, 0.4, "less"), group_skill("Sul", 2100, 0.7, 0.1, "more"), group_skill("", 1950, 1, 0.2)), 12
    ),
    by_unit_known=SkillSplit("branch", (group_skill(HOSTILE, 2000, 1.1, 0.4), group_skill("", 1950, 1, 0.2)), 12),
)  # fmt: skip
LEARNING = LearningCurve(
    period=(dt.date(2025, 10, 4), dt.date(2025, 11, 30)), rows=9_340, events=1_850, ahead=True,
    points=tuple(
        LearningPoint(rows, Interval(auc, auc - 0.006, auc + 0.006))
        for rows, auc in ((6_670, 0.671), (13_340, 0.682), (26_680, 0.690), (53_360, 0.691))
    ),
    gain=Interval(0.0004, -0.0009, 0.0017),
)  # fmt: skip
CARD = ModelCard(
    product="library",
    created="2026-11-23T14:32:00",
    effort="standard",
    seed=7,
    data_name=f"reservas {HOSTILE}.xlsx",
    data_sha256="ab" * 32,
    rows_trained=83_412,
    events_trained=16_515,
    trained_from=dt.date(2025, 1, 2),
    trained_until=dt.date(2025, 12, 30),
    absent_fields=("uf",),
    test=evaluation(0.01),
    test_ahead=evaluation(),
    tiers=(
        Tier("low", 0.0, 0.1, 4000, wilson(280, 4000)),
        Tier("medium", 0.1, 0.25, 3000, wilson(520, 3000)),
        Tier("high", 0.25, 0.4, 1500, wilson(480, 1500)),
        Tier("very_high", 0.4, 1.0, 821, wilson(420, 821)),
    ),
    importance=(Importance("lead", 0.062), Importance("history", 0.031), Importance("tiny", 0.0002)),
    notes=(said("Depois do teste, a receita foi ajustada de novo a todas as linhas."),),
    skill=SKILL,
    new_unit=NEW_UNIT,
    learning=LEARNING,
)  # fmt: skip


def group(value: str, detail: str, rows: int, rate: float, predicted: float | None, network: float = 0.198) -> GroupRow:
    if rows == 0:
        return GroupRow(value, detail, 0, 0, 0, None, predicted, "unclear")
    observed = wilson(round(rows * rate), rows)
    assert observed.low is not None and observed.high is not None
    against = "above" if observed.low > network else "below" if observed.high < network else "unclear"
    return GroupRow(value, detail, rows, rows, round(rows * rate), observed, predicted, against)


GROUPS = (
    group("Filial Savassi", "MG", 6240, 0.183, 0.181),
    group("Filial Ponta Negra", "AM", 890, 0.278, 0.30),
    group(HOSTILE, "BA", 2950, 0.245, 0.249),
    group("Biblioteca e Centro Cultural Nossa Senhora da Conceição de Aldeota", "CE", 4890, 0.222, 0.236),
    group("Filial Asa Sul", "DF", 3410, 0.202, 0.2015),
    group("Filial Nova", "", 0, 0.0, 0.21),
)
UFS = tuple(
    group(uf, "", rows, rate, rate)
    for uf, rows, rate in (("AM", 28, 0.2), ("BA", 900, 0.28), ("DF", 900, 0.29), ("MG", 900, 0.12), ("SP", 9000, 0.15))
)
ROW = RowExplanation(
    0.2012,
    0.2012 + 0.0949 + 0.0171 - 0.0533,
    (Contribution("lead", said("Antecedência de 42 dias"), 0.0949), Contribution("hour", said(HOSTILE), 0.0171), Contribution("others", said("Outros fatores"), -0.0533)),
)  # fmt: skip
WHY = GroupExplanation(
    HOSTILE,
    2950,
    wilson(723, 2950),
    wilson(16_515, 83_412),
    0.262,
    0.198,
    (
        Contribution("lead", said("Antecedência"), 0.0312),
        Contribution("history", said("Histórico"), 0.0224),
        Contribution("age", said("Idade"), -0.0071),
        Contribution("reference", said("Diferença entre os modelos de cada período"), 0.064 - 0.0312 - 0.0224 + 0.0071),
    ),
)
HEAT = tuple(
    HeatCell(day, lead, 12 if (day, lead) == ("sat", "0") else 400, wilson(20 + 30 * j + 4 * i, 400))
    for i, day in enumerate(("mon", "tue", "sat"))
    for j, lead in enumerate(("0", "1–3", "4–7"))
)
VIEW = RiskOverview(
    rows=84_000,
    outcomes=83_412,
    events=16_515,
    rate=wilson(16_515, 83_412),
    predicted=0.196,
    predicted_rows=70_000,
    first_date=dt.date(2025, 1, 2),
    last_date=dt.date(2025, 12, 30),
    groups=(("branch", GROUPS), ("uf", UFS)),
    periods=MONTHS,
    predicted_by_period=tuple((m.period, 0.2) for m in MONTHS[3:]),
    heat=HEAT,
    absent=(),
)
