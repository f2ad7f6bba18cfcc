"""A page that holds nothing but follow-ups: the bar, then a card's actions under each comment of the newest data."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.components import follow_up
from dashboard.components.follow_up import ReplyTo
from pipeline.services.data import datasets, event_keys
from pipeline.services.pages import follow_ups

PRODUCT = "satisfaction"
info = datasets.datasets(state.session(), PRODUCT)[0]
rows = event_keys.named(state.session(), info.id)
events = follow_ups.asked(state.session(), info.id, dict.fromkeys(rows, "detractor"), {})
chosen = follow_up.lists(info.id, events)
found = follow_ups.of(state.session(), info.id, chosen)
alike = follow_ups.alike(state.session(), info.id, chosen)
for one in chosen:
    with st.container(border=True):
        reply_to = ReplyTo(themes=("waiting",))
        follow_up.card_actions(info.id, one, found[one.key], reply_to, alike=alike.get(one.key, ""))
follow_up.speed(info.id, events, "care_level", "Nível")
