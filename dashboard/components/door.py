"""Who may come in:
nobody, where the server stands open to the network without having been told so, or where another site asks.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

import streamlit as st

from dashboard import text

_OWN_NAMES = ("localhost",)


def closed() -> str:
    """Why no page is shown; "" where all is well.
    An address must have been said: one that is not means every network.
    """
    address = str(st.get_option("server.address") or "")
    if not address or st.get_option("browser.gatherUsageStats"):
        return text.OPEN_UNASKED
    return "" if knows(str(st.context.headers.get("Host") or ""), address) else text.STRANGE_HOST


def knows(host: str, address: str) -> bool:
    """Whether a browser that asks for `host` means this server:
    by its own address, or by a name that the server was told.

    A page of another site that makes its name point here (DNS rebinding) still asks by that name.
    """
    if not host:  # not over HTTP
        return True
    try:
        name = (urlsplit(f"//{host}").hostname or "").rstrip(".").lower()
    except ValueError:
        return False
    if name in (*_OWN_NAMES, address.lower()) or _is_loopback(name):
        return True
    told = [str(one).strip().lower() for one in st.get_option("server.allowedHosts") or ()]
    return not _is_loopback(address) and any(
        name == one or (one.startswith("*.") and name.endswith(one[1:])) for one in told
    )


def _is_loopback(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name in _OWN_NAMES


def show(why: str) -> None:
    """The sentence, and nothing of the clinic."""
    st.title("Presença está fechada")
    st.error(why, icon=":material/lock:")
