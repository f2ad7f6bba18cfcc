"""An app that is busy for a minute in every way that a page can be:
in its own run, and in what is made aside, as a download is.
"""

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import streamlit as st  # noqa: E402

from dashboard.components import ending  # noqa: E402

ending.GRACE_SECONDS = 2
ending.end_soon()
ThreadPoolExecutor(1).submit(time.sleep, 60)  # Python waits for these at its end
st.write("busy")
print("busy", flush=True)  # noqa: T201
sum(i for i in range(10**10))
