"""Behind Debian's nginx, by the configuration of `docs/proxy.md` as it stands: TLS, the way in, the websocket."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest

from launch.server import choose_port
from pipeline.access.request import COOKIE
from pipeline.services import Workspace
from pipeline.services.people import persons
from tests.browser.server import serving
from tests.conftest import ROOT, TEST_KEY

pytestmark = pytest.mark.slow
NAME, GOOD = "clinica.example", "cavalo bateria grampo"
_MAIN = "daemon off; pid {0}/pid; error_log {0}/error.log; events {{}} http {{ access_log off; {1} include {0}/site; }}"
_TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@dataclass(frozen=True)
class Site:
    """The app as the network sees it: the port of TLS, the one of plain HTTP, and who vouches for it."""

    port: int
    plain: int
    trusted: ssl.SSLContext

    @property
    def origin(self) -> str:
        """Where a page of it comes from."""
        return f"https://{NAME}:{self.port}"

    def ask(self, path: str, method: str = "GET", body: str = "", **headers: str) -> tuple[int, dict[str, str]]:
        """(status, headers in small letters) of one request over TLS; the certificate is checked by name."""
        named = {"Host": f"{NAME}:{self.port}"} | {name.replace("_", "-"): text for name, text in headers.items()}
        caller = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        raw = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        caller.sock = self.trusted.wrap_socket(raw, server_hostname=NAME)
        caller.request(method, path, body or None, named)
        told = caller.getresponse()
        caller.close()
        return told.status, {name.lower(): text for name, text in told.getheaders()}


def _certificate(folder: Path) -> None:
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}"]
    command += ["-addext", f"subjectAltName=DNS:{NAME}", "-keyout", str(folder / "key"), "-out", str(folder / "pem")]
    subprocess.run(command, check=True, capture_output=True)


def _configured(folder: Path, app: int, port: int, plain: int) -> Path:
    """The page's own configuration, with the ports and the certificate of here."""
    told = re.findall(r"```nginx\n(.+?)```", (ROOT / "docs" / "proxy.md").read_text("utf-8"), re.DOTALL)
    assert len(told) == 1
    changes = {
        "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "/etc/ssl/presenca/certificado.pem": f"{folder}/pem",
        "/etc/ssl/presenca/chave.pem": f"{folder}/key",
        "http://127.0.0.1:8501;": f"http://127.0.0.1:{app};",
    }
    site = told[0]
    for before, after in changes.items():
        assert site.count(before) == 1, before
        site = site.replace(before, after)
    (folder / "site").write_text(site)
    paths = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in _TEMPORARY)
    (folder / "nginx.conf").write_text(_MAIN.format(folder, paths))
    return folder / "nginx.conf"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if nginx is None or shutil.which("openssl") is None:
        pytest.skip("nginx and openssl are not installed here: apt-get install nginx-light openssl")
    folder = tmp_path_factory.mktemp("proxy")
    home = folder / "home"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRESENCA_HOME", str(home))
        patch.setenv("PRESENCA_KEY", TEST_KEY)
        persons.begin(Workspace(), "ana", "Ana", GOOD)
    environ = {"PRESENCA_KEY": TEST_KEY, "STREAMLIT_SERVER_ALLOWED_HOSTS": NAME}
    first = 8810 + os.getpid() % 80 * 2
    with serving(ROOT / "dashboard" / "app.py", home, environ=environ) as app:
        port = choose_port(first=first)
        plain = choose_port(first=port + 1)
        _certificate(folder)
        config = _configured(folder, int(app.url.rpartition(":")[2]), port, plain)
        proxy = subprocess.Popen([nginx, "-p", str(folder), "-c", str(config)], stderr=subprocess.PIPE)
        try:
            _wait_for(proxy, port)
            yield Site(port, plain, ssl.create_default_context(cafile=str(folder / "pem")))
        finally:
            proxy.terminate()
            proxy.wait(timeout=10)


def _wait_for(proxy: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if proxy.poll() is not None:
            assert proxy.stderr is not None
            raise RuntimeError(proxy.stderr.read().decode())
        with socket.socket() as there:
            if there.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("nginx did not answer in 20 s")


@pytest.fixture(scope="module")
def cookie(site: Site) -> str:
    """Of somebody who came in over TLS."""
    form = urlencode({"nome": "ana", "senha": GOOD, "para": "/"})
    kind = "application/x-www-form-urlencoded"
    status, headers = site.ask("/entrar", "POST", form, Origin=site.origin, Content_Type=kind)
    assert status == 303 and headers["location"] == "/"
    parts = headers["set-cookie"].split("; ")
    assert parts[0].startswith(f"{COOKIE}=") and {"Secure", "HttpOnly", "SameSite=Lax"} <= set(parts)
    return parts[0]


def test_whoever_came_in_is_in_and_nobody_else(site: Site, cookie: str) -> None:
    assert site.ask("/_stcore/health")[0] == 401
    assert site.ask("/_stcore/health", Cookie=cookie)[0] == 200
    status, headers = site.ask("/", Accept="text/html")
    assert status == 303 and headers["location"].startswith("/entrar")
    status, headers = site.ask("/", Accept="text/html", Cookie=cookie)
    assert status == 200 and headers["strict-transport-security"].startswith("max-age=")
    assert headers["x-frame-options"] == "DENY"


def _socket(site: Site, **headers: str) -> int:
    asked = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec_WebSocket_Version": "13"}
    key = {"Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ=="}
    return site.ask("/_stcore/stream", **asked, **key, **headers)[0]


def test_the_websocket_passes_for_whoever_is_in_from_our_own_page(site: Site, cookie: str) -> None:
    assert _socket(site, Cookie=cookie, Origin=site.origin) == 101
    assert _socket(site, Origin=site.origin) == 403
    assert _socket(site, Cookie=cookie, Origin="https://atacante.example") == 403
    assert _socket(site, Cookie=cookie) == 403


def test_another_name_is_refused_whoever_asks(site: Site, cookie: str) -> None:
    for host in ("atacante.example", f"x{NAME}:{site.port}", f"{NAME}.atacante.example"):
        assert site.ask("/_stcore/health", Cookie=cookie, Host=host)[0] == 403


def test_what_comes_in_plain_is_sent_to_tls(site: Site) -> None:
    caller = http.client.HTTPConnection("127.0.0.1", site.plain, timeout=20)
    caller.request("GET", "/voz?arquivo=1", headers={"Host": NAME})
    told = caller.getresponse()
    assert (told.status, told.getheader("location")) == (301, f"https://{NAME}/voz?arquivo=1")
    caller.close()
