"""A server answers to its own name and port, and to its own pages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.access.hosts import Here, from_here, is_loopback, knows, parted, same_origin

ALONE, OPEN = Here("127.0.0.1", ("localhost", "127.0.0.1")), Here("0.0.0.0", ("clinica.local", "*.rede.example"))


@pytest.mark.parametrize(
    ("host", "here", "known"),
    [
        ("127.0.0.1:8501", ALONE, True),
        ("localhost:8501", ALONE, True),
        ("[::1]:8501", ALONE, True),
        ("LOCALHOST.:8501", ALONE, True),
        ("127.0.0.1:8502", ALONE, False),  # another program of this machine
        ("127.0.0.1", ALONE, False),
        ("atacante.example:8501", ALONE, False),
        ("127.0.0.1.atacante.example:8501", ALONE, False),
        ("localhost@atacante.example:8501", ALONE, False),
        ("127.0.0.1:8501@atacante.example", ALONE, False),
        ("127.0.0.1:8501/..", ALONE, False),
        ("127.0.0.1:8501,atacante.example", ALONE, False),
        ("[::1", ALONE, False),
        ("", ALONE, False),
        ("clinica.local:8501", ALONE, False),  # a server of this machine alone has no name that it wasn't told
        ("clinica.local", Here("127.0.0.1", ("clinica.local",)), True),  # a proxy on this machine stands before it
        ("atacante.example", Here("127.0.0.1", ("clinica.local",)), False),
        ("clinica.local", OPEN, True),  # a proxy stands before it
        ("CLINICA.local:443", OPEN, True),
        ("a.rede.example", OPEN, True),
        (".rede.example", OPEN, False),
        ("rede.example", OPEN, False),
        ("xclinica.local", OPEN, False),
        ("127.0.0.1:8501", OPEN, True),
        ("192.168.0.10:8501", Here("192.168.0.10"), True),
        ("192.168.0.10:80", Here("192.168.0.10"), False),
    ],
)
def test_a_browser_must_ask_for_this_server(host: str, here: Here, known: bool) -> None:
    assert knows(host, here, 8501) is known


@pytest.mark.parametrize(
    ("origin", "host", "same"),
    [
        ("http://127.0.0.1:8501", "127.0.0.1:8501", True),
        ("https://clinica.local", "clinica.local", True),
        ("https://clinica.local", "clinica.local:443", True),
        ("http://127.0.0.1:8502", "127.0.0.1:8501", False),
        ("http://127.0.0.1", "127.0.0.1:8501", False),
        ("http://localhost:8501", "127.0.0.1:8501", False),
        ("https://127.0.0.1:8501.atacante.example", "127.0.0.1:8501", False),
        ("http://atacante.example", "127.0.0.1:8501", False),
        ("null", "127.0.0.1:8501", False),
        ("", "127.0.0.1:8501", False),
        ("file://", "127.0.0.1:8501", False),
        ("http://127.0.0.1:8501/x", "127.0.0.1:8501", False),
    ],
)
def test_a_page_of_ours_has_our_origin(origin: str, host: str, same: bool) -> None:
    assert same_origin(origin, host) is same


HOST = "127.0.0.1:8501"


@pytest.mark.parametrize(
    ("kind", "method", "headers", "ours"),
    [
        ("http", "GET", {}, True),
        ("http", "GET", {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}, True),  # a link
        ("http", "GET", {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}, False),  # a picture
        ("http", "GET", {"sec-fetch-site": "same-site", "sec-fetch-mode": "cors"}, False),  # another port
        ("http", "GET", {"origin": "http://atacante.example"}, False),
        ("http", "POST", {}, False),
        ("http", "POST", {"origin": f"http://{HOST}"}, True),
        ("http", "PUT", {"origin": "null"}, False),
        ("http", "DELETE", {"sec-fetch-site": "same-origin"}, True),
        ("websocket", "GET", {}, False),
        ("websocket", "GET", {"origin": f"http://{HOST}"}, True),
        ("websocket", "GET", {"origin": "http://127.0.0.1:9999"}, False),
    ],
)
def test_what_changes_something_comes_from_our_own_pages(kind: str, method: str, headers: dict, ours: bool) -> None:
    assert from_here(kind, method, headers, HOST) is ours


@given(st.text(max_size=60))
def test_no_text_breaks_it_and_only_loopback_is_known_to_a_server_of_this_machine(text: str) -> None:
    if knows(text, ALONE, 8501):
        found = parted(text)
        assert found is not None and is_loopback(found[0]) and found[1] == 8501
    assert same_origin(text, HOST) is (text.lower() in (f"http://{HOST}", f"https://{HOST}"))
