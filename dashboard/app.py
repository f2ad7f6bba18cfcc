"""What is served: the page, Streamlit's routes and the API's, all of them behind the gate.

`streamlit run dashboard/app.py`, uvicorn and `run.py` start this; `main.py`, the page, refuses without the gate.
"""

import sys
from pathlib import Path

ROOT = str(Path(__file__).resolve().parents[1])
if ROOT not in sys.path:  # "streamlit run dashboard/app.py" puts only dashboard/ on the path
    sys.path.insert(0, ROOT)

import streamlit as st  # noqa: E402
from starlette.middleware import Middleware  # noqa: E402

from dashboard import gatehouse  # noqa: E402

app = st.App(
    Path(__file__).with_name("main.py"),
    routes=gatehouse.api_routes(),
    middleware=[Middleware(gatehouse.stand_up)],
    lifespan=gatehouse.while_served,
)
if why := gatehouse.why_not_open():
    sys.exit(why)
