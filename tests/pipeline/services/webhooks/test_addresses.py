"""However an address is written, and wherever its name leads: nothing inside is reached that was not allowed."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import PresencaError
from pipeline.services.webhooks import addresses

PUBLIC = "93.184.216.34"
ALWAYS = ("169.254.169.254", "100.100.100.200", "168.63.129.16", "fd00:ec2::254", "fe80::1", "0.0.0.0", "::",
          "224.0.0.1", "ff02::1", "240.0.0.1", "255.255.255.255", "64:ff9b::a9fe:a9fe", "::ffff:169.254.169.254",
          "2002:7f00:1::", "2001:0:7f00:1::1", "192.0.0.192", "2001:db8::1", "192.0.2.1", "198.18.0.1")  # fmt: skip
INSIDE = ("127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "172.31.255.254", "192.168.0.7", "100.64.0.1", "::1",
          "fc00::1", "fd12:3456::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1")  # fmt: skip


def leading(*found: str) -> addresses.Resolve:
    return lambda name, port: found


def code_of(url: str, *found: str, private: bool = False) -> str:
    """Why an address is refused, "" where it is not."""
    try:
        addresses.judged(url, private=private, resolve=leading(*found))
    except PresencaError as error:
        return error.note.code
    return ""


@pytest.mark.parametrize("ip", [*ALWAYS, *INSIDE])
def test_what_lies_inside_is_refused_by_number_and_by_name(ip: str) -> None:
    host = f"[{ip}]" if ":" in ip else ip
    why = "webhooks.never" if ip in ALWAYS else "webhooks.private"
    assert code_of(f"https://{host}/x") == why
    assert code_of("https://sistema.exemplo.com.br/x", ip) == why
    assert code_of("https://sistema.exemplo.com.br/x", PUBLIC, ip) == why
    assert code_of("https://sistema.exemplo.com.br/x", ip, private=True) == ("webhooks.never" if ip in ALWAYS else "")


@pytest.mark.parametrize(
    "url",
    [
        "https://2130706433/", "https://0x7f000001/", "https://0177.0.0.1/", "https://127.1/", "https://0x7f.1/",
        "https://127.0.0.0x1/", "https://1.1/", "ftp://a.exemplo/", "//a.exemplo/", "a.exemplo", "https://",
        "https://a.exemplo/#x", "https://a.exemplo\\@b.exemplo/", "https://a exemplo/", "https://é.exemplo/",
        "https://a.exemplo/\n", "https://a.exemplo/\x00", "https://a.exemplo:99999/", "https://-a.exemplo/",
        "https://[::1", "https://[fe80::1%25eth0]/", "https://a..exemplo/", "https://a.exemplo/" + "x" * 2_000,
    ],
)  # fmt: skip
def test_what_some_read_as_an_address_and_others_not_is_refused(url: str) -> None:
    assert code_of(url, PUBLIC, private=True) == "webhooks.malformed"


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://ana:senha@a.exemplo/", "webhooks.userinfo"),
        ("https://@a.exemplo/", "webhooks.userinfo"),
        ("https://a.exemplo:25/", "webhooks.port"),
        ("https://a.exemplo:22/", "webhooks.port"),
        ("http://a.exemplo/", "webhooks.https"),
        ("https://a.exemplo/", ""),
        ("https://a.exemplo:8443/x?t=1", ""),
        ("HTTPS://A.EXEMPLO./x", ""),
    ],
)
def test_ports_passwords_and_plain_http(url: str, why: str) -> None:
    assert code_of(url, PUBLIC) == why


def test_plain_http_is_for_the_inside_alone_and_a_name_must_lead_somewhere() -> None:
    assert code_of("http://agenda.local:8080/", "192.168.0.7", private=True) == ""
    assert code_of("http://agenda.local:8080/", "192.168.0.7", PUBLIC, private=True) == "webhooks.https"
    assert code_of("https://a.exemplo/") == "webhooks.not_found"

    def nowhere(name: str, port: int) -> tuple[str, ...]:
        raise OSError(name)

    with pytest.raises(PresencaError) as caught:
        addresses.judged("https://a.exemplo/", private=False, resolve=nowhere)
    assert "a.exemplo" not in str(caught.value)


@given(st.ip_addresses())
def test_what_is_let_through_is_of_the_open_network(ip: object) -> None:
    host = f"[{ip}]" if ":" in str(ip) else str(ip)
    if code_of(f"https://{host}/") == "":
        assert ip.is_global and not ip.is_private and not ip.is_multicast  # type: ignore[attr-defined]


@pytest.mark.parametrize("run", ["a", "a.", "-", "1", "0x", "["])
def test_a_long_name_is_judged_at_once(run: str) -> None:
    begun = time.process_time()
    assert code_of("https://" + run * 100_000, PUBLIC) == "webhooks.malformed"
    assert time.process_time() - begun < 0.5
