"""Downloads: each person's own bytes under a name that can be read;
what can't be made is a sentence, and the log quotes nothing.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

import pytest
import streamlit as st
from streamlit.runtime import backend_operation_handler
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.memory_media_file_storage import MediaFileStorageError, MemoryMediaFileStorage

from dashboard import file_names
from dashboard.components import downloads
from dashboard.components.error_boundary import SERVER_LOG
from pipeline.errors import PresencaError

LARGE = 2_000_000  # bytes: above one million the server looks at samples only


class Asked:
    """What a page hands to the server for one button, and what the server serves when it is clicked."""

    def __init__(self, server: MediaFileManager, build: Callable[[], bytes], monkeypatch: pytest.MonkeyPatch) -> None:
        self.given: dict[str, Any] = {}
        monkeypatch.setattr(st, "download_button", lambda label, data, **given: self.given.update(given, data=data))
        downloads.button("Lista", build, "lista_de_contato.csv", "0a1b2c3d4e5f_20251003_9c0ffee0", about="2025-10-03")
        self._server, self._id = (
            server,
            server.add_deferred(self.given["data"], self.given["mime"], "1.(0)", self.given["file_name"]),
        )

    def clicked(self) -> bytes:
        url = self._server.execute_deferred(self._id)
        found = self._server.read_file(url.removeprefix("/media/"))
        assert found is not None and found.filename == self.given["file_name"]
        return found.content


@pytest.fixture
def server() -> MediaFileManager:
    return MediaFileManager(MemoryMediaFileStorage("/media"))


def test_two_people_with_files_alike_get_each_their_own(
    server: MediaFileManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [b"a" * 500_000 + letter + b"a" * (LARGE - 500_001) for letter in (b"1", b"2")]
    asked = [Asked(server, lambda content=content: content, monkeypatch) for content in files]  # type: ignore[misc]
    assert [one.clicked() for one in asked] == files
    assert {one.given["file_name"] for one in asked} == {"lista_de_contato_2025-10-03.csv"}
    assert [one.clicked() for one in reversed(asked)] == files[::-1]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (PresencaError("repair.original_erased"), "A planilha original destes dados já foi apagada"),
        (ValueError("Zuleika Anunciada, CPF 529.982.247-25"), "Algo falhou"),
        (MemoryError(), "memória"),
    ],
)
def test_what_cannot_be_made_is_a_sentence_and_not_a_log(
    error: Exception,
    sentence: str,
    server: MediaFileManager,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def build() -> bytes:
        raise error

    asked, told = Asked(server, build, monkeypatch), []
    with caplog.at_level(logging.DEBUG), pytest.raises(MediaFileStorageError) as caught:
        asked.clicked()
    assert backend_operation_handler._LOGGER.name == SERVER_LOG
    logging.getLogger(SERVER_LOG).error("what the server writes", exc_info=caught.value)
    assert "Traceback (most" not in caplog.text and "a download could not be made" in caplog.text
    assert "Zuleika" not in caplog.text and "original" not in str(caught.value)
    monkeypatch.setattr(st, "error", lambda text, **_: told.append(text.replace("\\", "")))
    Asked(server, build, monkeypatch)
    assert len(told) == 1 and sentence in told[0]
    Asked(server, build, monkeypatch)
    assert len(told) == 1  # said once


def test_a_file_is_named_by_what_it_is_of_without_long_numbers() -> None:
    assert file_names.named("Hospital X 52998224725.csv", dt.date(2026, 3, 9)) == "Hospital X -2026-03"
    assert file_names.named("comentários.junho.csv", None) == "comentários.junho"
