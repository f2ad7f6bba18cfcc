"""Cards that page and HTML report share: one per field, with a small distribution, and what the faults cost."""

from __future__ import annotations

from pipeline.contract import Product
from pipeline.presentation.escaping import escape_html, shorten
from pipeline.presentation.locale.messages import say
from pipeline.presentation.locale.numbers import listed, number, percent, plural, share
from pipeline.presentation.sentences import report_words
from pipeline.records import FieldSummary, ValidationReport
from pipeline.records.ingestion import OTHER_VALUES, OTHER_YEARS

_BAR_ROOM = 34  # pixels
_NAMED = 3  # values written below the bars

# colours are the page's own: text colour with less of it, so that the cards stand on light and dark alike
CARD_CSS = """
.p-fields { display: grid; grid-template-columns: repeat(auto-fill, minmax(230px, 1fr)); gap: .8rem; margin-top: .4rem; }
.p-field { border: 1px solid rgba(120, 140, 150, .35); border-radius: .5rem; padding: .7rem .85rem; min-width: 0; break-inside: avoid; }
.p-field b { display: block; font-weight: 600; }
.p-field .p-soft { opacity: .75; font-size: .85rem; overflow-wrap: anywhere; }
.p-bars { display: flex; align-items: flex-end; gap: 2px; height: 36px; margin: .45rem 0 .25rem; }
.p-bars i { flex: 1 1 0; min-width: 2px; max-width: 26px; background: #0B7285; border-radius: 2px 2px 0 0; }
.p-ends { display: flex; justify-content: space-between; gap: .6rem; opacity: .75; font-size: .8rem; }
.p-meter { height: .4rem; border-radius: .2rem; background: rgba(120, 140, 150, .3); overflow: hidden; margin: .3rem 0 .15rem; }
.p-meter i { display: block; height: 100%; background: #0B7285; }
.p-costs p { margin: 0 0 .35rem; font-weight: 600; }
.p-costs ol { margin: 0; padding-left: 1.2rem; }
.p-costs li { margin: .2rem 0; }
.p-costs li b { display: inline; }
@media (max-width: 640px) { .p-fields { grid-template-columns: 1fr; } }
"""


def field_cards(report: ValidationReport) -> str:
    """A card per field with data; those without any are named in a line below."""
    full = [item for item in report.fields if item.header is not None and item.filled]
    cards = f'<div class="p-fields">{"".join(_card(item, report.rows_read) for item in full)}</div>' if full else ""
    absent = [item.label for item in report.fields if item.header is None]
    void = [item.label for item in report.fields if item.header is not None and not item.filled]
    lines = [
        f"{word} {escape_html(listed(names))}."
        for word, names in (("Não vieram no arquivo:", absent), ("Vieram vazios:", void))
        if names
    ]
    return cards + "".join(f'<p class="p-lacking">{line}</p>' for line in lines)


def _card(item: FieldSummary, rows: int) -> str:
    label = f"<b>{escape_html(item.label)}</b>"
    filled = item.filled / rows if rows else 0.0
    read = (
        ""
        if item.usable == item.filled
        else f" · {percent(item.usable / item.filled if item.filled else 0.0)} dos preenchidos podem ser usados"
    )
    lines = [
        label,
        f'<span class="p-soft">{escape_html(shorten(item.header or "", 40))} · certeza {percent(item.confidence, 0)}</span>',
        f'<div class="p-meter"><i style="width:{100 * filled:.1f}%"></i></div>',
        f'<span class="p-soft">{share(item.filled, rows)} preenchido{read} · {plural(item.distinct, "valor distinto", "valores distintos")}</span>',
        _bars(item),
    ]
    return f'<div class="p-field">{"".join(lines)}</div>'


def _bars(item: FieldSummary) -> str:
    """The small distribution; with its ends named where it has an order, else with its commonest values."""
    if len(item.spread) < 2:
        return ""
    highest = max(rows for _, rows in item.spread) or 1
    spread = [(say(name), rows) for name, rows in item.spread]
    drawn = "".join(
        f'<i style="height:{max(1 if rows else 0, round(_BAR_ROOM * rows / highest))}px" title="{escape_html(shorten(name, 40))}: {number(rows)}"></i>'
        for name, rows in spread
    )
    ordered = not item.top or item.spread[0][0] != item.top[0][0]
    if ordered:
        last = [say(name) for name, _ in item.spread if name not in (OTHER_VALUES, OTHER_YEARS)][-1]
        names = f"<span>{escape_html(spread[0][0])}</span><span>{escape_html(last)}</span>"
        return f'<div class="p-bars">{drawn}</div><div class="p-ends">{names}</div>'
    named = ", ".join(
        f"{escape_html(shorten(name, 22))} {share(rows, item.usable, 0)}" for name, rows in spread[:_NAMED]
    )
    return f'<div class="p-bars">{drawn}</div><span class="p-soft">{named}</span>'


def costs(report: ValidationReport, product: Product) -> str:
    """What the faults cost: one sentence, then a list with numbers."""
    lead = report_words.cost_lead(report)
    lines = "".join(
        f'<li><b>{escape_html(what)}</b> <span class="p-soft">{escape_html(why)}</span></li>'
        for what, why in report_words.cost_lines(report, product)
    )
    if not lead and not lines:
        return ""
    said = f"<p>{escape_html(lead)}</p>" if lead else ""
    return f'<div class="p-costs p-field">{said}{f"<ol>{lines}</ol>" if lines else ""}</div>'
