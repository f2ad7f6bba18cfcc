"""Somebody at a browser, without the browser: Streamlit's websocket, its own messages, and uploads."""

from __future__ import annotations

import http.client
import re
import time
import uuid
from types import TracebackType
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileURLs
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

_PATIENCE = 180.0  # seconds that one answer may take


class Visitor:
    """One open page: `go` to a page, `run` it again, `press` a button, `send` a file; each says how long it took."""

    def __init__(self, url: str, query: str = "") -> None:
        self.url, self.query = url, query
        self.texts: list[str] = []  # what the last run drew, as protobuf says it
        self.ids: dict[str, str] = {}  # widget's key → its id, of the last run
        self.title = ""
        self._page = ""
        self._held: dict[str, WidgetState] = {}  # a browser tells all that is filled in, each time
        parts = urlsplit(url)
        self._socket = connect(
            f"ws://{parts.netloc}/_stcore/stream",
            subprotocols=[Subprotocol("streamlit")],
            origin=Origin(url),
            max_size=None,
        )

    def __enter__(self) -> Visitor:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._socket.close()

    def go(self, page: str) -> float:
        """Opens the page of this path; seconds until it stands."""
        self._page, self._held = page, {}
        return self.run()

    def run(self, *states: WidgetState) -> float:
        """Runs the page with what was typed or pressed; seconds until it stands."""
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string, asked.page_name = self.query, self._page
        asked.widget_states.widgets.extend([*self._held.values(), *states])
        asked.context_info.url = f"{self.url}/{self._page}"
        asked.context_info.timezone, asked.context_info.locale = "America/Sao_Paulo", "pt-BR"
        begun = time.perf_counter()
        self._socket.send(message.SerializeToString())
        self._until_done()
        return time.perf_counter() - begun

    def press(self, key: str) -> float:
        """Presses the button of this key."""
        return self.run(WidgetState(id=self.ids[key], trigger_value=True))

    def send(self, uploader: str, name: str, content: bytes) -> float:
        """Gives a file to the uploader whose key begins so; seconds of the way up and of the page after it."""
        begun = time.perf_counter()
        where = self._where_to(name)
        self._put(where, name, content)
        widget = next(found for key, found in self.ids.items() if key.startswith(uploader))
        state = WidgetState(id=widget)
        state.file_uploader_state_value.uploaded_file_info.add(
            name=name, size=len(content), file_id=where.file_id, file_urls=where
        )
        self._held[widget] = state
        self.run()
        return time.perf_counter() - begun

    def _until_done(self) -> None:
        while True:
            told = self._next()
            kind = told.WhichOneof("type")
            if kind == "new_session":  # a run that asks for another one is drawn over
                self.texts, self.ids = [], {}
            elif kind == "delta" and told.delta.WhichOneof("type") == "new_element":
                self._drawn(told)
            elif kind == "navigation":
                here = {page.page_script_hash: page.url_pathname for page in told.navigation.app_pages}
                self.title = here.get(told.navigation.page_script_hash, "")
            elif kind == "page_info_changed":
                self.query = told.page_info_changed.query_string
            elif kind == "script_finished" and told.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                return

    def _drawn(self, told: ForwardMsg) -> None:
        element = told.delta.new_element
        body = getattr(element, element.WhichOneof("type") or "", None)
        self.texts.append(str(body))
        widget = str(getattr(body, "id", ""))
        if found := re.fullmatch(r"\$\$ID-[0-9a-f]+-(.+)", widget):
            self.ids[found[1]] = widget

    def _next(self) -> ForwardMsg:
        raw = self._socket.recv(timeout=_PATIENCE)
        message = ForwardMsg()
        message.ParseFromString(raw if isinstance(raw, bytes) else raw.encode())
        return message

    def _where_to(self, name: str) -> FileURLs:
        message = BackMsg()
        message.file_urls_request.request_id = uuid.uuid4().hex
        message.file_urls_request.file_names.append(name)
        self._socket.send(message.SerializeToString())
        while True:
            told = self._next()
            if told.WhichOneof("type") == "file_urls_response":
                return told.file_urls_response.file_urls[0]

    def _put(self, where: FileURLs, name: str, content: bytes) -> None:
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=_PATIENCE)
        connection.request("GET", "/_stcore/health")
        answer = connection.getresponse()
        answer.read()
        token = re.search(r"_streamlit_xsrf=([^;]+)", answer.getheader("Set-Cookie") or "")
        line = uuid.uuid4().hex
        body = b"".join(
            (
                f'--{line}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'.encode(),
                b"Content-Type: text/csv\r\n\r\n",
                content,
                f"\r\n--{line}--\r\n".encode(),
            )
        )
        headers = {"Content-Type": f"multipart/form-data; boundary={line}", "Origin": self.url}
        if token:
            headers |= {"Cookie": f"_streamlit_xsrf={token[1]}", "X-Xsrftoken": token[1]}
        connection.request("PUT", where.upload_url, body, headers)
        answer = connection.getresponse()
        told = answer.read()
        connection.close()
        if answer.status >= 300:
            raise RuntimeError(f"upload: {answer.status} {told[:200]!r}")
