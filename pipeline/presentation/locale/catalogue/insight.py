"""Sentences of risks, lists, groups and comments."""

from __future__ import annotations

MESSAGES = {
    "call_list.no_row": "A linha {{ row | string }} não está na lista.",
    "call_list.no_row.hint": "Calcule o risco de novo.",
    "what_if.no_row": "A linha {{ row | string }} não está nos dados.",
    "what_if.no_column": "Não há a coluna {{ column | quoted }} para mudar.",
}
