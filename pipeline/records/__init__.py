"""What the steps hand to the screen: frozen records, no frames, ready to be shown or written as JSON.

A step computes a record; presentation renders it; page, HTML, XLSX and JSON are faces of the same record.
Rates are fractions 0..1, risks too; points are percentage points of risk (0.09 stands for +9 pontos).
"""

from pipeline.records.comparison import (
    Comparison,
    NewValues,
    RateShift,
)
from pipeline.records.fit import Fit, KnownShare
from pipeline.records.ingestion import (
    Action,
    Automatic,
    ColumnMatch,
    FieldSummary,
    FileFacts,
    Issue,
    Leak,
    MissingField,
    PeriodRate,
    Proposal,
    Quality,
    QualityPart,
    SetAside,
    ValidationReport,
)
from pipeline.records.insight import (
    AgendaSummary,
    AspectOverview,
    AspectRow,
    Contribution,
    EarlierPeriod,
    Expression,
    GroupExplanation,
    GroupRow,
    HeatCell,
    MarkedWord,
    Reading,
    RiskOverview,
    RowExplanation,
    VoiceItem,
    VoiceSummary,
)
from pipeline.records.kept import (
    report_from_plain,
)
from pipeline.records.modeling import (
    CalibrationBin,
    Difference,
    Evaluation,
    Importance,
    MetricSet,
    ModelCard,
    ReachPoint,
    StarEvaluation,
    StarMetrics,
    Tier,
    WordWeight,
)
from pipeline.records.numbers import (
    Interval,
)
from pipeline.records.plain import (
    from_plain,
    to_plain,
)
from pipeline.records.recipe import (
    DATE_ORDERS,
    KnownRecipe,
    Recipe,
    Step,
    StepKind,
)
from pipeline.records.workspace import (
    DatasetInfo,
    JobInfo,
    ModelInfo,
    Progress,
    SeriesInfo,
)

__all__ = [
    "Action",
    "AgendaSummary",
    "AspectOverview",
    "AspectRow",
    "Automatic",
    "CalibrationBin",
    "ColumnMatch",
    "Comparison",
    "Contribution",
    "DATE_ORDERS",
    "DatasetInfo",
    "Difference",
    "EarlierPeriod",
    "Evaluation",
    "Expression",
    "Fit",
    "KnownShare",
    "FieldSummary",
    "FileFacts",
    "GroupExplanation",
    "GroupRow",
    "HeatCell",
    "Importance",
    "Interval",
    "Issue",
    "JobInfo",
    "KnownRecipe",
    "Leak",
    "MarkedWord",
    "MetricSet",
    "MissingField",
    "ModelCard",
    "ModelInfo",
    "NewValues",
    "PeriodRate",
    "Progress",
    "Proposal",
    "Quality",
    "QualityPart",
    "RateShift",
    "ReachPoint",
    "Reading",
    "Recipe",
    "RiskOverview",
    "RowExplanation",
    "SeriesInfo",
    "SetAside",
    "StarEvaluation",
    "StarMetrics",
    "Step",
    "StepKind",
    "Tier",
    "ValidationReport",
    "VoiceItem",
    "VoiceSummary",
    "WordWeight",
    "from_plain",
    "report_from_plain",
    "to_plain",
]
