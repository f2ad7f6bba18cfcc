"""Text that came from a file, made safe for where it is shown.

Streamlit reads Markdown in nearly every text it shows and fetches images from it; Plotly keeps bold and
links live. Whatever came from a file passes one of these functions, whichever face it is shown on.
"""

from __future__ import annotations

import html
import re
import unicodedata

from pipeline.folding import fold

_WHITE = re.compile(r"\s+")
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
# Where the host rewrites text after the parsing: names of icons, bare addresses, arrows and dashes.
_REWRITTEN = re.compile(
    r"(?<=:)(?=[\w+/-]+:)|(?<=http:)(?=//)|(?<=https:)(?=//)|(?<=www)(?=\.)|(?<=@)(?=\w)|(?<=[-<>])(?=[-=>])",
    re.IGNORECASE,
)
_WORD_JOINER = "\u2060"
_DIRECTION = dict.fromkeys(
    [0x061C, 0x200B, 0x200E, 0x200F, 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF]
)


def visible(text: str) -> str:
    """One line of `text` with nothing hidden in it.

    White space becomes single blanks; control characters, lone surrogates and marks that turn the writing
    direction (which can make "Clínica" read as something else) are removed.
    """
    flat = _WHITE.sub(" ", str(text)).translate(_DIRECTION)
    return "".join(c for c in flat if unicodedata.category(c) not in ("Cc", "Cs")).strip()


def escape_markdown(text: str) -> str:
    """`text` as Streamlit Markdown that shows exactly these characters.

    Each ASCII punctuation mark gets a backslash: that covers links, images, HTML, `:red[…]` and LaTeX.
    Streamlit turns `:name:` into an icon, bare addresses into links and `->` into an arrow after the parsing,
    where a backslash no longer helps: there an invisible word joiner parts the characters.
    """
    parted = _REWRITTEN.sub(_WORD_JOINER, visible(text))
    return _PUNCTUATION.sub(r"\\\1", parted)


def escape_html(text: str) -> str:
    """`text` for the body or a quoted attribute of an HTML page."""
    return html.escape(visible(text), quote=True)


def plotly_text(text: str) -> str:
    """`text` for a label or hover of Plotly, which reads a few tags and entities."""
    return html.escape(visible(text), quote=False)


def shorten(text: str, length: int) -> str:
    """At most `length` characters, cut at a word where one ends near, with `…`."""
    flat = visible(text)
    if len(flat) <= length:
        return flat
    cut = flat[: max(length - 1, 0)]
    blank = cut.rfind(" ")
    if blank >= len(cut) * 0.6:
        cut = cut[:blank]
    return cut.rstrip(" ,;:-–(/") + "…"


def file_stem(words: str) -> str:
    """Words as a part of a file's name, or as a key of JSON: "Convênio médico" → "convenio_medico"."""
    return fold(words).replace(" ", "_")
