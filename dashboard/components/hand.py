"""Files in hand, by whichever way they came: looked at, and then kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import streamlit as st
from typing_extensions import override

from dashboard import picked, state
from pipeline.presentation.locale import messages
from pipeline.records import DatasetInfo, Progress, Recipe
from pipeline.records.server_files import ServerFile
from pipeline.services.data import datasets, joining, server_folder, server_reading
from pipeline.services.data.datasets import Preview
from pipeline.services.data.placing import Into


class Hand(Protocol):
    """One file or several. `ids` tell them apart in this session."""

    @property
    def ids(self) -> tuple[str, ...]:
        """One a file, in their order."""

    def look(self, place: int, product_key: str, sheet: str | None, into: str | None) -> Preview:
        """What one of them looks like. PresencaError where it can't be read."""

    def keep(self, product_key: str, recipe: Recipe, into: Into) -> None:
        """Keeps them as one data set and draws the page anew. PresencaError where they can't be."""


@dataclass(frozen=True)
class Sent(Hand):
    """Files that came by the browser."""

    files: Sequence[Any]

    @property
    @override
    def ids(self) -> tuple[str, ...]:
        return tuple(file.file_id for file in self.files)

    @override
    def look(self, place: int, product_key: str, sheet: str | None, into: str | None) -> Preview:
        file = self.files[place]
        return datasets.preview(state.session(), product_key, file.getvalue(), file.name, sheet, into)

    @override
    def keep(self, product_key: str, recipe: Recipe, into: Into) -> None:
        session, uploads = state.session(), [(file.getvalue(), file.name) for file in self.files]
        if len(uploads) > 1:
            kept(lambda tell: joining.keep_joined(session, product_key, uploads, recipe, tell, into))
        content, name = uploads[0]
        kept(lambda tell: datasets.keep(session, product_key, content, name, recipe=recipe, into=into, progress=tell))


@dataclass(frozen=True)
class Picked(Hand):
    """Files of the server's folder; large ones are kept by a job."""

    files: tuple[ServerFile, ...]

    @property
    @override
    def ids(self) -> tuple[str, ...]:
        return tuple(file.mark for file in self.files)

    @override
    def look(self, place: int, product_key: str, sheet: str | None, into: str | None) -> Preview:
        return server_folder.preview(state.session(), product_key, self.files[place], sheet, into)

    @override
    def keep(self, product_key: str, recipe: Recipe, into: Into) -> None:
        session = state.session()
        if not server_folder.is_large(self.files):
            kept(
                lambda tell: server_folder.keep(
                    session, product_key, self.files, recipe=recipe, into=into, progress=tell
                )
            )
        job = server_reading.start(session, product_key, self.files, recipe=recipe, into=into)
        _put_down()
        picked.watch(job.id)
        st.rerun()


def kept(work: Callable[[Callable[[Progress], None]], DatasetInfo]) -> None:
    """Does the work under a bar, then opens what came of it."""
    bar = st.progress(0.0, text="Lendo…")

    def tell(progress: Progress) -> None:
        bar.progress(min(max(progress.share, 0.0), 1.0), text=messages.say(progress.stage) or "Conferindo…")

    try:
        info = work(tell)
    finally:
        bar.empty()
    state.choose_dataset(info.id)
    _put_down()
    st.rerun()


def _put_down() -> None:
    state.forget_upload()
    picked.put_down()
