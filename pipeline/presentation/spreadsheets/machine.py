"""The faces for programs: a validation report and a model's metrics as JSON with names that stay."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

from pipeline.contract import Product
from pipeline.presentation.escaping import file_stem
from pipeline.presentation.locale.messages import say
from pipeline.presentation.sentences import issue_words
from pipeline.records import (
    Evaluation,
    Issue,
    MetricSet,
    ModelCard,
    NewUnitTest,
    StarMetrics,
    ValidationReport,
    to_plain,
)

METRICS = {
    "auc": "auc",
    "average_precision": "average_precision",
    "brier": "brier",
    "ece": "ece",
    "recall_at_10pct": "reach_top_10",  # the name that scripts know
}
STAR_METRICS = ("auc_poles", "accuracy", "kappa", "log_loss")
_NOTE = {"code", "params"}
_REFERENCES = {"tf_idf": "tfidf_logistic_regression", "overall_rate": "taxa_media"}  # names that scripts know


def report_json(report: ValidationReport, product: Product) -> str:
    """The whole report; at the top level what scripts ask first: rows, uses, fields, issues."""
    plain = in_words(to_plain(report))
    first = ("rows_read", "rows_usable", "rows_left_out", "usable_for", "fields", "issues")
    ordered = {name: plain.pop(name) for name in first} | plain
    for item in ordered["fields"]:
        item["top"] = [{"value": value, "rows": rows} for value, rows in item["top"]]
    reasons = issue_words.reasons(report.left_out, product)
    ordered["left_out"] = [{"reason": reason, "rows": rows} for reason, rows in reasons]
    ordered["issues"] = [_issue(item, product) for item in report.issues]
    for item in ordered["missing"]:
        item["cost"] = product.field(item["field"]).if_missing
    ordered["outcomes"] = dict(ordered["outcomes"])
    return dump(ordered)


def report_record(report: ValidationReport, product: Product) -> dict[str, Any]:
    """The same as a record, for who writes it into a larger one."""
    plain: dict[str, Any] = json.loads(report_json(report, product))
    return plain


def _issue(issue: Issue, product: Product) -> dict[str, Any]:
    """An issue with its sentences."""
    return {
        "rule": issue.rule,
        "severity": issue.severity,
        "field": issue.field,
        "title": issue_words.title(issue, product),
        "rows": issue.rows,
        "examples": list(issue.examples),
        "message": issue_words.message(issue, product),
        "effect": issue_words.effect(issue),
        "loses_rows": issue.loses_rows,
        "cost": issue.cost,
    }


def metrics_json(card: ModelCard) -> str:
    """`test` and `test_ahead` (null where it could not be done), each with its references and differences.

    The references also stand at the top level, by name and then by test, for scripts that look there.
    """
    tests = {"test": card.test, "test_ahead": card.test_ahead}
    plain: dict[str, Any] = {name: _evaluation(item) if item else None for name, item in tests.items()}
    names = list(dict.fromkeys(slug(r.key) for item in tests.values() if item for r in item.references))
    plain["references"] = {
        name: {test: block["references"].get(name) if block else None for test, block in plain.items()}
        for name in names
    }
    about = ("product", "created", "effort", "seed", "data_name", "data_sha256", "rows_trained", "events_trained")
    plain["giveaways"] = to_plain(card.giveaways) if card.giveaways else None
    plain["new_unit"] = _new_unit(card.new_unit) if card.new_unit else None
    plain["learning_curve"] = to_plain(card.learning) | {"verdict": card.learning.verdict} if card.learning else None
    plain["model"] = {name: getattr(card, name) for name in about} | {
        "trained_from": card.trained_from.isoformat() if card.trained_from else None,
        "trained_until": card.trained_until.isoformat() if card.trained_until else None,
        "timed": card.timed,
        "rows_available": card.rows_trained if card.rows_available is None else card.rows_available,
    }
    return dump(plain)


def _new_unit(test: NewUnitTest) -> dict[str, Any]:
    """What a unit that the model never saw can expect; `observed_expected` is the ratio, as in `evaluate --json`."""
    plain = to_plain(test)
    by_unit, known = plain.pop("by_unit"), plain.pop("by_unit_known")
    differences = {name: plain.pop(f"{name}_gap") for name in ("auc", "brier", "log_loss")}
    for side in (plain["unseen"], plain["known"]):
        side["observed_expected"] = side.pop("ratio")
    ratios = {group["value"]: group["ratio"] for group in known["groups"]}
    values = [group | {"ratio_known": ratios.get(group["value"])} for group in by_unit["groups"]]
    return plain | {"differences": differences, "folded": by_unit["folded"], "values": values}


def slug(key: str) -> str:
    """The name of a reference in JSON: `lead_time`, `logistic_regression`, …; in ASCII."""
    return _REFERENCES.get(key) or file_stem(key)


def _evaluation(item: Evaluation) -> dict[str, Any]:
    return {
        "period": [day.isoformat() for day in item.period] if item.period else None,
        "rows": item.rows,
        "events": item.events,
        **_metrics(item.model),
        **(_star_metrics(item.stars.model) if item.stars else {}),
        "references": _merged(
            {slug(r.key): _metrics(r) for r in item.references}, item.stars.references if item.stars else ()
        ),
        "differences": _merged(
            {slug(d.reference): {"auc": to_plain(d.auc), "brier": to_plain(d.brier)} for d in item.differences},
            item.stars.differences if item.stars else (),
        ),
    }


def _merged(plain: dict[str, dict[str, Any]], stars: Sequence[StarMetrics]) -> dict[str, dict[str, Any]]:
    """What is said of stars beside what is said of the risk, by reference."""
    told = {slug(item.key): _star_metrics(item) for item in stars}
    return {name: said | told.get(name, {}) for name, said in plain.items()}


def _star_metrics(item: StarMetrics) -> dict[str, Any]:
    return {name: to_plain(getattr(item, name)) for name in STAR_METRICS}


def _metrics(item: MetricSet) -> dict[str, Any]:
    return {promised: to_plain(getattr(item, name)) for name, promised in METRICS.items()}


def in_words(value: Any) -> Any:
    """Plain form with each note as its sentence: scripts read what they always read."""
    if isinstance(value, dict):
        return say(value) if value.keys() == _NOTE else {k: in_words(v) for k, v in value.items()}
    return [in_words(v) for v in value] if isinstance(value, list) else value


def dump(plain: dict[str, Any]) -> str:
    """JSON that any program reads: UTF-8, no NaN."""
    return json.dumps(_finite(plain), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _finite(value: Any) -> Any:
    """NaN and infinities as null: JSON has no words for them. Lone surrogates as `?`."""
    if isinstance(value, dict):
        return {_finite(k): _finite(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_finite(v) for v in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    return value
