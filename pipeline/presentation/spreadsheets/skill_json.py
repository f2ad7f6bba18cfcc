"""The honest test and the comparison of two models as JSON, with names that stay (see the README)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.contract import Product
from pipeline.presentation.locale.messages import say
from pipeline.presentation.sentences import skill_words, two_models_words
from pipeline.presentation.spreadsheets.machine import dump, slug
from pipeline.records import CarryOver, ModelComparison, Note, Skill, SkillReport, to_plain

_BETTER = {(1, 1): "second", (1, 0): "second", (0, 1): "second", (-1, -1): "first", (-1, 0): "first", (0, -1): "first"}


def report_json(found: SkillReport, carries: CarryOver, product: Product) -> str:
    """`verdict` (holds, doubtful, fails, unknown) with its three parts and sentence, then the measures; `ahead` is null
    where bookings of the day can't be told.
    """
    finding = skill_words.verdict(found, carries, product)
    return dump(
        {
            "product": product.key,
            "verdict": carries.verdict,
            "verdict_parts": to_plain(carries),
            "sentence": finding.text,
            "period": _period(found),
            "all": _skill(found.all),
            "ahead": _skill(found.ahead) if found.ahead else None,
            "expected": to_plain(found.expected) if found.expected else None,
            "calibration": to_plain(found.calibration),
            "references": {slug(item.key): _without(to_plain(item), "key") for item in found.references},
            "groups": {
                item.column: {
                    "sentence": skill_words.differs(item, product),
                    "folded": item.folded,
                    "values": to_plain(item.groups),
                }
                for item in found.splits
            },
            "left_out": _left_out(found.left_out),
        }
    )


def comparison_json(
    found: ModelComparison, ahead: ModelComparison | None, names: tuple[str, str], product: Product
) -> str:
    """`better` (first, second or unclear) with its sentence, of all rows; `ahead` has the same of those not booked on
    the day, null where these can't be told. The differences are second minus first.
    """
    return dump(
        {
            "product": product.key,
            **_compared(found, names, product),
            "ahead": _compared(ahead, names, product) if ahead else None,
            "left_out": _left_out(found.left_out),
        }
    )


def _compared(found: ModelComparison, names: tuple[str, str], product: Product) -> dict[str, Any]:
    return {
        "better": _better(found),
        "sentence": two_models_words.compared(found, product).lead,
        "period": _period(found),
        "rows": found.first.rows,
        "events": found.first.events,
        "first": {"file": names[0], **_skill(found.first)},
        "second": {"file": names[1], **_skill(found.second)},
        "differences": {
            "auc": to_plain(found.auc_gap),
            "brier": to_plain(found.brier_gap),
            "log_loss": to_plain(found.log_loss_gap),
        },
        "tiers_changed": found.tiers_changed,
        "tiers_raised": found.raised,
    }


def _better(found: ModelComparison) -> str:
    return _BETTER.get((_side(found.auc_gap), -_side(found.brier_gap)), "unclear")


def _side(gap: Any) -> int:
    """1 where the whole interval lies above zero, −1 where it lies below, else 0."""
    if gap.low is None or gap.high is None:
        return 0
    return int(gap.low > 0) - int(gap.high < 0)


def _skill(item: Skill) -> dict[str, Any]:
    """The measures; `observed_expected` is the ratio."""
    plain = to_plain(item)
    plain["observed_expected"] = plain.pop("ratio")
    return plain


def _period(found: SkillReport | ModelComparison) -> list[str] | None:
    return [day.isoformat() for day in found.period] if found.period else None


def _left_out(items: Sequence[tuple[Note, int]]) -> list[dict[str, Any]]:
    return [{"reason": say(why), "rows": rows} for why, rows in items]


def _without(plain: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in plain.items() if key != name}
