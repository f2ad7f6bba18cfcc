"""Pages as AppTest runs them: open one, read all that it says, find what must never be on it."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard import navigation
from pipeline.contract import Product

# each session of AppTest would read the metadata of every installed package anew, and compile each page at each run
manifest_scanner.scan_component_manifests = functools.cache(manifest_scanner.scan_component_manifests)
_of_one_run = ScriptCache.get_bytecode


@functools.cache
def _compiled(script: str, _changed: int) -> Any:
    return _of_one_run(ScriptCache(), script)


def _get_bytecode(_: ScriptCache, script: str) -> Any:
    return _compiled(script, Path(script).stat().st_mtime_ns)


ScriptCache.get_bytecode = _get_bytecode  # type: ignore[method-assign]

APP = Path(__file__).resolve().parents[2] / "dashboard" / "main.py"
HOME, DATA, MODEL, RISK, AGENDA, SLOTS, COMMENTS, TODAY, EFFECT, PRIVACY = (
    f"views/{name}.py"
    for name in ("home", "data", "model", "risk", "agenda", "slots", "comments", "today", "effect", "privacy")
)
MAINTENANCE = "views/maintenance.py"
TEXTS = (
    "title",
    "subheader",
    "markdown",
    "caption",
    "info",
    "error",
    "warning",
    "success",
    "metric",
    "button",
    "selectbox",
    "multiselect",
    "expander",
    "date_input",
    "toggle",
    "slider",
)
ENGLISH = re.compile(
    r"\b(the|and|of|with|data ?set|model|train|risk|error|none|nan|upload|download|file|choose)\b", re.IGNORECASE
)
_DIRECTIVE = re.compile(r":(?:material/\w+:|[a-z]+(?:-badge)?\[)")


def opened(page: str = HOME, held: Mapping[str, Any] | None = None, **asked: str) -> AppTest:
    """The app at one page, in a new session, by its address. `asked`: words of the address; `held`: what the session
    would hold by then.
    """
    app = AppTest.from_file(str(APP), default_timeout=60)
    for name, value in asked.items():
        app.query_params[name] = value
    for name, value in (held or {}).items():
        app.session_state[name] = value
    if page not in (HOME, TODAY):
        # as `switch_page` knows it, once the first page was drawn
        there = app._page_hash = calc_hash(navigation._PATHS[page])
        app.run()
        assert app._finished_page_script_hash == there, f"{page} is not open"
        return app
    app.run()
    first = TODAY if app.title and app.title[0].value == "Hoje" else HOME  # as there is a model or not
    return app if page == first else app.switch_page(page).run()


def labels(app: AppTest) -> list[str]:
    """What elements of text and controls say, one entry each."""
    found = []
    for kind in TEXTS:
        for element in getattr(app, kind):
            # the value of a choice is what the program holds; the reader sees the option that stands for it
            names = ("label",) if hasattr(element, "options") else ("label", "value", "delta")
            found += [text for name in names if isinstance(text := getattr(element, name, None), str)]
            found += [str(option) for option in getattr(element, "options", ())]
    return found


def said(app: AppTest) -> str:
    """All of `labels` without Streamlit's marks, white space squeezed."""
    plain = _DIRECTIVE.sub("", " ".join(labels(app))).replace("\\", "").replace("*", "").replace("]", "")
    return " ".join(plain.split())


def columns(app: AppTest) -> list[str]:
    """Headers of all tables on the page."""
    return [str(name) for table in app.dataframe for name in table.value.columns]


def broken(app: AppTest) -> list[str]:
    """Sentences about faults of ours."""
    return [str(e.value) for e in app.error if "Algo falhou" in str(e.value)]


def sound(app: AppTest, product: Product) -> AppTest:
    """Fails on an exception, a raw field key, or English among the words of the page."""
    assert not app.exception, [element.value for element in app.exception]
    assert not broken(app), broken(app)
    keys = [field.key for field in product.fields if "_" in field.key] + [product.key]
    everything = said(app) + " " + " ".join(columns(app))
    # names of files may hold a key: they are the clinic's own
    words = re.sub(r"\S+\.(csv|xlsx|zip|json|html)\b", "", everything)
    assert not [key for key in keys if re.search(rf"\b{key}\b", words)], words
    english = [text for text in labels(app) if ENGLISH.search(_DIRECTIVE.sub("", re.sub(r"\S+\.(csv|xlsx)", "", text)))]
    assert not english, english
    return app
