"""Drawing a page again when something that was made aside, as a download is, has something to say."""

from __future__ import annotations

from collections.abc import Callable

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx


def asker() -> Callable[[], None]:
    """What asks for this session's page to be drawn again, from whatever thread; asked for while the page is drawn."""
    context = get_script_run_ctx(suppress_warning=True)
    session_id = context.session_id if context is not None else ""

    def ask() -> None:
        if not session_id or not runtime.exists():
            return
        server = runtime.get_instance()
        held = server._session_mgr.get_active_session_info(session_id)
        if held is not None:  # as Streamlit itself does when a source file changes
            server._get_async_objs().eventloop.call_soon_threadsafe(
                held.session.request_rerun, held.session._client_state
            )

    return ask
