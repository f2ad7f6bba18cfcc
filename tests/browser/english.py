"""The English words on a page: in the visible text and in what a screen reader is told."""

from __future__ import annotations

import re

from playwright.sync_api import Page

# Words that Streamlit and its tables, calendars and uploaders say, and that no Portuguese sentence of ours does.
_WORDS = (
    "the|and|of|with|your|this|that|please|select|choose|options?|all|search|fullscreen|close|download|columns?|page|drag|drop|browse|"
    "upload|files?|running|stop|deploy|rerun|view|less|press|remove|clear|value|results?|empty|loading|date|calendar|"
    "show|hide|copy|copied|next|previous|pagination|connecting|connection|error|increment|decrement|open|expand|collapse|sidebar|month|today|"
    "selected|available|suggestions|notifications|skip|main|limit|per|sort|ascending|descending|pin|unpin|reset|range|start|end|"
    "year|day|time|chart|index|not|found|submit|apply|password|clipboard|cancel|add|delete|row|settings|about|theme|print|"
    "january|february|march|april|june|july|august|september|october|november|december|"
    "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
)
_ENGLISH = re.compile(
    rf"(?<![\w./-])(?:{_WORDS})(?![\w/-]|\.\w)|\b\d+(?:\.\d+)?(?:KB|MB|GB)\b|\b(?:NaN|None|undefined)\b", re.IGNORECASE
)
# names that Portuguese speakers use, and what a file or a patient may say
_FINE = re.compile(r"“[^”]*”|no[- ]?show|\bmain_\w+|\S+\.(?:csv|xlsx|xls|ods|zip|json|html|md|txt|gz)\b", re.IGNORECASE)

_SEEN = """() => {
    // hidden from everybody, or a patient's or a file's own words: comments, cells, names of options
    const skipped = 'script, style, noscript, canvas, textarea, [data-testid="stIconMaterial"], '
        + '[data-testid="stFileChipName"], '
        + '.palavras, [role="option"] [data-testid="stMarkdownContainer"]';
    const found = [];
    const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, {
        acceptNode: n => n.nodeType === 1 && n.matches(skipped)
            ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT });
    for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
        if (node.nodeType === 3) found.push(node.nodeValue);
        else for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'aria-valuetext', 'aria-description'])
            if (node.getAttribute(name)) found.push(node.getAttribute(name));
    }
    return found;
}"""


def english_in(texts: list[str]) -> list[str]:
    """Those of `texts` that hold an English word."""
    return [text.strip() for text in texts if _ENGLISH.search(_FINE.sub(" ", text))]


def english_words(page: Page) -> list[str]:
    """Every text or label of the page that holds an English word; each once."""
    return list(dict.fromkeys(english_in(page.evaluate(_SEEN))))
