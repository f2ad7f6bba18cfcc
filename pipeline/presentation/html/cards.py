"""Cards that page and HTML report share: one per field, with a small distribution, and what the faults cost."""

from __future__ import annotations

from pipeline.contract import Product
from pipeline.presentation.escaping import shorten
from pipeline.presentation.html import page
from pipeline.presentation.locale.messages import say
from pipeline.presentation.locale.numbers import listed, number, percent, plural, share
from pipeline.presentation.sentences import report_words
from pipeline.records import FieldSummary, ValidationReport
from pipeline.records.ingestion import OTHER_VALUES, OTHER_YEARS

_BAR_ROOM = 34  # pixels
_NAMED = 3  # values written below the bars

CARD_CSS = (page.TEMPLATES / "cards.css").read_text(encoding="utf-8")


def field_cards(report: ValidationReport) -> str:
    """A card per field with data; those without any are named in a line below."""
    return page.render("field_cards", it=cards_context(report))


def costs(report: ValidationReport, product: Product) -> str:
    """What the faults cost: one sentence, then a list with numbers."""
    return page.render("costs", it=costs_context(report, product))


def cards_context(report: ValidationReport) -> dict[str, object]:
    """What the cards of the fields say."""
    full = [item for item in report.fields if item.header is not None and item.filled]
    absent = [item.label for item in report.fields if item.header is None]
    void = [item.label for item in report.fields if item.header is not None and not item.filled]
    return {
        "cards": [_card(item, report.rows_read) for item in full],
        "lacking": [
            (word, listed(names))
            for word, names in (("Não vieram no arquivo:", absent), ("Vieram vazios:", void))
            if names
        ],
    }


def costs_context(report: ValidationReport, product: Product) -> dict[str, object]:
    """What the list of costs says."""
    return {"lead": report_words.cost_lead(report), "lines": list(report_words.cost_lines(report, product))}


def _card(item: FieldSummary, rows: int) -> dict[str, object]:
    return {
        "label": item.label,
        "header": shorten(item.header or "", 40),
        "confidence": percent(item.confidence, 0),
        "width": f"{100 * item.filled / rows if rows else 0.0:.1f}",
        "filled": share(item.filled, rows),
        "usable": "" if item.usable == item.filled else percent(item.usable / item.filled),
        "distinct": plural(item.distinct, "valor distinto", "valores distintos"),
        **_spread(item),
    }


def _spread(item: FieldSummary) -> dict[str, object]:
    """The small distribution; with its ends named where it has an order, else with its commonest values."""
    if len(item.spread) < 2:
        return {"bars": []}
    spread = [(say(name), rows) for name, rows in item.spread]
    bars = [_bar(name, rows, max(most for _, most in spread) or 1) for name, rows in spread]
    if not item.top or item.spread[0][0] != item.top[0][0]:
        last = [say(name) for name, _ in item.spread if name not in (OTHER_VALUES, OTHER_YEARS)][-1]
        return {"bars": bars, "ends": (spread[0][0], last)}
    commonest = [(shorten(name, 22), share(rows, item.usable, 0)) for name, rows in spread[:_NAMED]]
    return {"bars": bars, "ends": (), "commonest": commonest}


def _bar(name: str, rows: int, highest: int) -> dict[str, str]:
    height = max(1 if rows else 0, round(_BAR_ROOM * rows / highest))
    return {"height": str(height), "name": shorten(name, 40), "rows": number(rows)}
