"""The scripts that stand in the page itself: fixed texts, so that a browser is told by their hashes to run no other.

What a script is to know stands beside it, as data that it reads: a script that differed from run to run could be told
from an injected one by nothing.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from functools import cache
from pathlib import Path

import streamlit as st
from streamlit import file_util

STATIC = Path(__file__).resolve().parent / "static"
_INLINE = re.compile(r"<script>([^<]*)</script>")  # without `src`: what the policy calls inline


def run(name: str, told: str = "") -> None:
    """Runs `static/<name>.js` in the page; `told` is what it reads of the element `data-presenca-<name>`."""
    data = f'<i hidden data-presenca-{name}="{html.escape(told)}"></i>'
    st.html(f"{data}<script>{_text(name)}</script>", unsafe_allow_javascript=True)


@cache
def _text(name: str) -> str:
    return (STATIC / f"{name}.js").read_text("utf-8")


def hashes() -> tuple[str, ...]:
    """The sources of a policy that let run our own scripts and those in Streamlit's page, and no others."""
    page = Path(file_util.get_static_dir(), "index.html").read_text("utf-8")
    ours = [_text(path.stem) for path in sorted(STATIC.glob("*.js"))]
    return tuple(map(source, [*_INLINE.findall(page), *ours]))


def source(script: str) -> str:
    """A script's hash as a Content-Security-Policy names it (CSP 3, 2.3.1)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
