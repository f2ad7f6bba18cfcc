"""Two ways of contacting that a list is to compare, chosen before it is made: two channels, or two texts."""

from __future__ import annotations

import streamlit as st

from pipeline.presentation.locale import names
from pipeline.presentation.sentences import calling_words as words
from pipeline.records.contacts import Channel, Compared, ComparedKind
from pipeline.services.pages import call_scripts

_NOTHING = "nothing"
_KINDS = {_NOTHING: "Nada", str(ComparedKind.CHANNEL): "Dois canais", str(ComparedKind.WORDING): "Dois textos"}
_USUAL = Compared(ComparedKind.CHANNEL, str(Channel.CALL), str(Channel.WHATSAPP))


def kind(kept: Compared | None) -> str:
    """Which kind of comparison is asked for; outside of the form, since what the form asks depends on it."""
    held = _NOTHING if kept is None else str(kept.kind)
    picked = st.segmented_control(
        "Comparar, por sorteio",
        tuple(_KINDS),
        default=held,
        required=True,
        format_func=lambda one: _KINDS[one],
        key="calling_compare",
        help=words.WHY_COMPARE,
    )
    return str(picked or _NOTHING)


def wanted(picked: str, kept: Compared | None) -> Compared | None:
    """The two ways as the form has them; None where nothing is compared."""
    if picked == _NOTHING:
        return None
    own = kept if kept is not None and str(kept.kind) == picked else None
    first, second = _channels(own or _USUAL) if picked == ComparedKind.CHANNEL else ("", _text(own))
    share = st.slider(
        "Parte com a segunda forma (%)", 10, 90, round(100 * (own or _USUAL).share), 5, key="calling_compare_share"
    )
    return Compared(ComparedKind(picked), first, second, share / 100)


def _channels(held: Compared) -> tuple[str, str]:
    options = [str(one) for one in Channel]
    with st.grid(2, min_column_width=130):
        first, second = (
            st.selectbox(label, options, options.index(one), format_func=names.channel, key=f"calling_compare_{label}")
            for label, one in (("Primeiro canal", held.first), ("Segundo canal", held.second))
        )
    return first, second


def _text(held: Compared | None) -> str:
    text = st.text_area(
        "Segundo texto, no lugar do de sempre",
        "" if held is None else held.second,
        max_chars=call_scripts.LONGEST_SCRIPT,
        height=110,
        key="calling_compare_text",
        help=words.BLANKS,
    )
    return text.strip()
