"""Navigation, nothing else."""

import sys
from pathlib import Path

ROOT = str(Path(__file__).resolve().parents[1])
if ROOT not in sys.path:  # "streamlit run dashboard/app.py" puts only dashboard/ on the path
    sys.path.insert(0, ROOT)

import streamlit as st  # noqa: E402

from dashboard import address, navigation, state, who  # noqa: E402
from dashboard.components import account, chrome, door, ending, heap, lost  # noqa: E402
from dashboard.components.error_boundary import guarded  # noqa: E402

chrome.configure()
ending.end_soon()
if why := door.closed():
    door.show(why)
    st.stop()
try:
    with guarded():
        if who.is_out():
            door.show_out()
            st.stop()
        page = st.navigation(navigation.pages(state.product(), learnt=state.has_model()), position="sidebar")
        gone = "" if page.title == navigation.MISSING else state.lost()
        chrome.dress(state.nothing() if gone else state.current())
        account.show()
        if gone:
            lost.show(gone)
        else:
            page.run()
            address.write()
finally:
    address.settle()
    heap.settle()
