"""A suggested reply, put together of the sentences that a product declares: an opening, what it is about, a closing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from pipeline.comment_declarations import BODY, CLOSING, LONGEST_REPLY, OPENING
from pipeline.contract import Product, Reply

MOST_THEMES = 2  # a reply that takes up everything is read by nobody


def suggested(
    product: Product, tone: str, *, themes: Sequence[str] = (), alerts: Collection[str] = (), praise: bool = False
) -> str:
    """The reply to a comment of these themes (their keys, the weightiest first) and alerts (keys or codes).

    An alert decides alone, the first that the product declares before the others: who tells of a death is not told of
    car parks. Without alerts, `praise` is thanked for, and of themes the first MOST_THEMES are taken up. "" where the
    product declares no reply in this tone.
    """
    own = [reply for reply in product.replies if reply.tone == tone]
    codes = _codes(product, own, alerts)
    parts = [
        *_of_part(own, OPENING, codes, praise)[:1],
        *(_of_part(own, BODY, codes, praise)[:1] if codes or praise else _bodies(own, product, themes)),
        *_of_part(own, CLOSING, codes, praise)[:1],
    ]
    return _within(parts)


def _codes(product: Product, replies: Iterable[Reply], alerts: Collection[str]) -> list[str]:
    """The codes of alerts as the product orders them; then any that only its replies know."""
    known = [alert.code for alert in product.alerts if {alert.key, alert.code} & set(alerts)]
    told = {code for reply in replies for code in reply.alerts}
    return [*known, *(code for code in alerts if code in told and code not in known)]


def _of_part(replies: Iterable[Reply], part: str, codes: Sequence[str], praise: bool) -> list[Reply]:
    """The replies of a part, those that are meant for just this first, then those for any comment."""
    own = [reply for reply in replies if reply.part == part]
    meant = [reply for code in codes for reply in own if code in reply.alerts]
    praised = [reply for reply in own if reply.praise] if praise and not codes else []
    return [*meant, *praised, *(reply for reply in own if _for_any(reply))]


def _for_any(reply: Reply) -> bool:
    return not (reply.themes or reply.alerts or reply.praise)


def _bodies(replies: Sequence[Reply], product: Product, themes: Sequence[str]) -> list[Reply]:
    """What is said of the themes, each sentence once; what is said of any comment where nothing is."""
    own = [reply for reply in replies if reply.part == BODY]
    told = (reply for theme in themes for reply in _of_theme(own, product, theme))
    return list(dict.fromkeys(told))[:MOST_THEMES] or [reply for reply in own if _for_any(reply)][:1]


def _of_theme(replies: Sequence[Reply], product: Product, theme: str) -> Iterator[Reply]:
    """The sentence of a theme, or else of that of which it is a part."""
    above = {one.key: one.parent for one in product.themes}
    key, seen = theme, set[str]()
    while key and key not in seen:
        found = next((reply for reply in replies if key in reply.themes), None)
        if found is not None:
            yield found
            return
        seen.add(key)
        key = above.get(key, "")


def _within(parts: Sequence[Reply]) -> str:
    """The parts as one text; where that were too long, sentences about themes go, the last first."""
    kept = list(parts)
    while len(text := _joined(kept)) > LONGEST_REPLY and sum(part.part == BODY for part in kept) > 1:
        kept.remove([part for part in kept if part.part == BODY][-1])
    return text


def _joined(parts: Iterable[Reply]) -> str:
    """An opening stands on a line of its own, and so does the closing."""
    lines = {part: " ".join(one.text for one in parts if one.part == part) for part in (OPENING, BODY, CLOSING)}
    return "\n\n".join(line for line in lines.values() if line)
