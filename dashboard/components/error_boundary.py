"""The last wall before the browser:
whatever goes wrong on a page is a sentence in Portuguese, and no log quotes data.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st
from typing_extensions import override

from dashboard.components import recovery
from dashboard.components.page import refusal
from pipeline.errors import LostRecords, PresencaError
from pipeline.presentation import console
from pipeline.presentation.escaping import escape_markdown
from pipeline.presentation.locale import messages


@contextmanager
def guarded() -> Iterator[None]:
    """Shows an expected refusal as it is and a fault of ours by kind and place.

    Streamlit's own handler would show an English line and write the exception's text, which may quote a patient's
    cell, into the server's log; here only the frames are logged.
    """
    try:
        yield
    except LostRecords as error:
        recovery.offer_rebuild(error)
    except PresencaError as error:
        refusal(error)
    except MemoryError:
        st.error(escape_markdown(console.OUT_OF_MEMORY), icon=":material/block:")
    except Exception as error:  # noqa: BLE001 - the last wall
        log_frames(error)
        st.error(escape_markdown(console.unexpected_on_page(error)), icon=":material/error:")


def log_frames(error: Exception) -> None:
    """Where a fault of ours lies; what it says may quote a patient's cell and is not written."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    logging.getLogger("presenca").error("%s\n%s", type(error).__name__, frames)


class BuildFailed(Exception):
    """A download that could not be made; the reason stays with the person who asked."""


class _WithoutFrames(logging.Filter):
    """A download that could not be made has been told: the server's log gets a line in place of its frames."""

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        while error is not None and not isinstance(error, BuildFailed):
            error = error.__cause__
        if error is not None:
            record.msg, record.args, record.exc_info = "a download could not be made; the page says why", (), None
        return True


SERVER_LOG = "streamlit.runtime.backend_operation_handler"  # what the server calls a download's builder from
logging.getLogger(SERVER_LOG).addFilter(_WithoutFrames())


def guarded_build(build: Callable[[], bytes], tell: Callable[[str], object]) -> Callable[[], bytes]:
    """A builder that runs after its page, outside `guarded`: `tell` gets the sentence, the server's log only frames."""

    def run() -> bytes:
        try:
            return build()
        except PresencaError as error:
            tell(messages.refusal(error))
        except MemoryError:
            tell(console.OUT_OF_MEMORY)
        except Exception as error:  # noqa: BLE001 - the last wall
            log_frames(error)
            tell(console.unexpected_on_page(error))
        raise BuildFailed from None  # Streamlit writes this into its log, and an own sentence beside the button

    return run
