"""Self-contained HTML exports: one file, no request to anywhere, made to be read on screen and printed on A4."""

from pipeline.presentation.html.cards import CARD_CSS, costs, field_cards
from pipeline.presentation.html.dictionary import dictionary_html
from pipeline.presentation.html.model import model_card_html
from pipeline.presentation.html.refused import refused_html
from pipeline.presentation.html.risk import risk_html
from pipeline.presentation.html.validation import validation_html

__all__ = [
    "CARD_CSS",
    "costs",
    "dictionary_html",
    "field_cards",
    "model_card_html",
    "refused_html",
    "risk_html",
    "validation_html",
]
