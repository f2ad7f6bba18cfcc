"""What a page must not do while it is walked: raise, complain, or ask another host for anything."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request

# On a deep link Streamlit 1.67 first asks for these below the page's own path and gets 404, by design of its own.
_STREAMLITS_OWN_404 = re.compile(r"/(_stcore/health|_stcore/host-config|host-config)$")
_LOCAL_SCHEMES = ("data", "blob", "about", "chrome", "chrome-extension", "devtools")


@dataclass
class Watch:
    """Collects the faults of one page from the moment it is attached."""

    host: str
    faults: list[str] = field(default_factory=list)

    def attach(self, page: Page) -> None:
        """Listens to the page; nothing that happened before is known."""
        page.on("pageerror", lambda error: self.faults.append(f"page error: {error}\n{error.stack}"))
        page.on("console", self._console)
        page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type != "error":
            return
        where = str((message.location or {}).get("url", ""))
        if "404" in message.text and _STREAMLITS_OWN_404.search(urlsplit(where).path):
            return
        self.faults.append(f"console error: {message.text} ({where})")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in _LOCAL_SCHEMES and parts.netloc != self.host:
            self.faults.append(f"request to another host: {request.url}")
