"""How invented patients write: fragments joined as people join them, then written as people write: hurried, shouted, misspelt."""

from __future__ import annotations

import random
import re
import unicodedata

from pipeline.products.satisfaction import sample_phrases as phrases
from pipeline.products.satisfaction.sample_stories import BAD_STORIES, GOOD_STORIES

_SLOT = re.compile(r"\{(\w+)\}")
_LOW = 2  # stars: up to here what went wrong comes first
_STORY = 0.2  # of what is told is told at length


def comment(dice: random.Random, stars: int, themes: list[tuple[str, bool]], feminine: bool, episode: bool) -> str:
    """What a client of these stars writes about the themes (name, good or bad) of the event."""
    if not themes or dice.random() < 0.17:
        said = dice.choice(phrases.WHOLE[_near(dice, stars)])
        if dice.random() < 0.25:
            said = f"{said}{dice.choice((', ', '. ', '! '))}{_lower(dice.choice(phrases.WHOLE[_near(dice, stars)]))}"
    else:
        said = _story(dice, stars, themes, episode)
    return written(dice, _filled(dice, said, feminine), stars)


def _near(dice: random.Random, stars: int) -> int:
    return min(5, max(1, stars + dice.choice((0, 0, 0, 1, -1))))


def _story(dice: random.Random, stars: int, themes: list[tuple[str, bool]], episode: bool) -> str:
    good = [_fragment(dice, phrases.GOOD[name], GOOD_STORIES[name]) for name, side in themes if side]
    bad = [_fragment(dice, phrases.BAD[name], BAD_STORIES[name]) for name, side in themes if not side]
    if episode:
        bad.insert(0, dice.choice(phrases.EPISODE))
    first, second, turns = (bad, good, phrases.TURNS_GOOD) if stars <= _LOW or (stars == 3 and dice.random() < 0.5) else (good, bad, phrases.TURNS)
    parts = [dice.choice(phrases.OPENERS[_near(dice, stars)]), _joined(dice, first)]
    if second:
        parts.append(f"{dice.choice(turns)} {_joined(dice, second)}" if first else _joined(dice, second))
    body = " ".join(part for part in (parts[0], ", ".join(part for part in parts[1:] if part)) if part)
    closer = dice.choice(phrases.CLOSERS[_near(dice, stars)])
    return f"{body}{dice.choice(('. ', ', ', '! ', '. '))}{closer}" if closer else body


def _fragment(dice: random.Random, fragments: tuple[str, ...], stories: tuple[str, ...]) -> str:
    return dice.choice(stories if dice.random() < _STORY else fragments)


def _joined(dice: random.Random, parts: list[str]) -> str:
    said = ""
    for part in parts:
        said = f"{said}{dice.choice(phrases.JOINS)}{part}" if said else part
    return said


def _filled(dice: random.Random, text: str, feminine: bool) -> str:
    """The text with its slots filled; one relative and one professional for the whole of it."""
    name, ending = dice.choice(phrases.PROFESSIONALS)
    hour = dice.randint(7, 15)
    values = {
        "g": "a" if feminine else "o", "p": ending, "prof": name, "quem": dice.choice(phrases.RELATIVES), "dia": dice.choice(phrases.DAYS),
        "nome": dice.choice(phrases.NAMES), "min": str(dice.choice((10, 15, 20, 30, 40, 50, 90))), "horas": dice.choice(("2", "3", "4", "quase 3", "duas", "mais de 5")),
        "hora": f"{hour}h", "hora2": f"{hour + dice.randint(1, 3)}h{dice.choice(('', '30'))}", "poucos": dice.choice(("duas", "três", "4", "cinco", "umas 5")),
    }
    return _SLOT.sub(lambda slot: values[slot[1]], text)


def written(dice: random.Random, text: str, stars: int) -> str:
    """The text as this client types."""
    text = text.strip(" ,;")
    text = _sentences(dice, text)
    manner = dice.random()
    if manner < 0.07:
        text = text.upper()
    elif manner < 0.27:
        text = _bare(text) if dice.random() < 0.6 else text.lower()
    if dice.random() < 0.16:
        text = _slipped(dice, text)
    if dice.random() < 0.15:
        text = _shortened(dice, text)
    if dice.random() < 0.05:
        text = re.sub(r"\b(m)(u)(ito)\b", r"\1\2\2\2\3", text, flags=re.IGNORECASE)
    return text + _end(dice, text, stars)


def _sentences(dice: random.Random, text: str) -> str:
    """Capitals after stops, from most people."""
    if dice.random() < 0.25:
        return text
    return re.sub(r"(^|[.!?] )(\w)", lambda m: m[1] + m[2].upper(), text)


def _end(dice: random.Random, text: str, stars: int) -> str:
    drawn = dice.random()
    if text[-1:] in "!.…" or not text[-1:].isalnum():
        end = ""
    elif drawn < 0.42:
        end = "."
    elif drawn < 0.56:
        end = "!" * dice.choice((1, 1, 2, 3, 4)) if stars != 3 else "..."
    elif drawn < 0.62:
        end = "..."
    else:
        end = ""
    return f"{end} {dice.choice(phrases.EMOJI[stars])}" if dice.random() < 0.07 else end


def _bare(text: str) -> str:
    """Lower case, without accents."""
    plain = unicodedata.normalize("NFKD", text.lower())
    return "".join(c for c in plain if not unicodedata.combining(c))


def _slipped(dice: random.Random, text: str) -> str:
    usual = [pair for pair in phrases.SLIPS if pair[0] in text]
    if usual and dice.random() < 0.5:
        right, wrong = dice.choice(usual)
        return text.replace(right, wrong, 1)
    places = [i for i in range(1, len(text) - 2) if text[i].isalpha() and text[i + 1].isalpha()]
    if not places:
        return text
    at = dice.choice(places)
    if dice.random() < 0.5:
        return text[:at] + text[at + 1] + text[at] + text[at + 2:]
    return text[:at] + text[at + 1:]


def _shortened(dice: random.Random, text: str) -> str:
    for whole, short in phrases.SHORT_FORMS:
        if dice.random() < 0.6:
            text = re.sub(rf"\b{whole}\b", short, text)
    return text


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
