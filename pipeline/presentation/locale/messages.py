"""Codes → sentences: the one place that turns a note or a refusal into Portuguese.

The sentences stand in `catalogue/`, one file a room, as Jinja2 templates: `{{ rows | plural("linha", "linhas") }}`.
What a template prints is written by `numbers`: a count as 1.204, a list as "a, b e c". A code's hint is the code with
`.hint`.
"""

from __future__ import annotations

import datetime as dt
import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any

import jinja2

from pipeline.contract import feminine
from pipeline.errors import PresencaError
from pipeline.presentation.locale import catalogue, numbers
from pipeline.records.note import SAID, Note

HINT = ".hint"


def say(item: Note | Mapping[str, Any] | str) -> str:
    """The sentence of a note; one that an earlier version kept whole stays as it is. KeyError for an unknown code."""
    if isinstance(item, str):
        return item
    code, params = (item.code, item.params) if isinstance(item, Note) else (item["code"], item["params"])
    return str(params["text"]) if code == SAID else _template(code).render(params)


def message(error: PresencaError) -> str:
    """What a refusal says: what, and where."""
    return say(error.note)


def hint(error: PresencaError) -> str:
    """How to go on after a refusal; "" where nothing can be said."""
    return advice(error.note)


def advice(item: Note | Mapping[str, Any]) -> str:
    """How to go on after what a note says; "" where its code has no hint."""
    code, params = (item.code, item.params) if isinstance(item, Note) else (item["code"], item["params"])
    return _template(code + HINT).render(params) if code + HINT in codes() else ""


def told(item: Note) -> str:
    """What a note says and how to go on, as one text."""
    return f"{say(item)} {advice(item)}".strip()


def refusal(error: PresencaError) -> str:
    """Message and hint of a refusal, as one text."""
    return f"{message(error)} {hint(error)}".strip()


@cache
def codes() -> Mapping[str, str]:
    """Every code with its template. ValueError where two rooms tell one code."""
    found: dict[str, str] = {}
    for module in pkgutil.iter_modules(catalogue.__path__):
        told = import_module(f"{catalogue.__name__}.{module.name}").MESSAGES
        if twice := found.keys() & told.keys():
            raise ValueError(f"codes told twice: {sorted(twice)}")
        found |= told
    return found


@cache
def _template(code: str) -> jinja2.Template:
    return environment().from_string(codes()[code])


@cache
def environment() -> jinja2.Environment:
    """What sentences are templates of, in whichever language."""
    made = jinja2.Environment(undefined=jinja2.StrictUndefined, finalize=_written, autoescape=False)
    made.filters.update(
        plural=numbers.plural,
        agree=numbers.agree,
        percent=numbers.percent,
        decimal=numbers.decimal,
        number=numbers.number,
        share=numbers.share,
        month=numbers.month_name,
        size=numbers.file_size,
        exact_size=numbers.exact_size,
        listed=numbers.listed,
        quoted=_quoted,
        feminine=feminine,
        capital=_capital,
        uncapital=_uncapital,
        begins=_begins,
        lower_after_first=_lower_after_first,
        say=say,
        advice=advice,
        date=_date,
    )
    return made


def _written(value: Any) -> Any:
    """What a template prints: counts with their points, notes as their sentence, lists as they are spoken."""
    if isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return numbers.number(value)
    if isinstance(value, Mapping):
        return say(value)
    if isinstance(value, list | tuple):
        return numbers.listed([str(_written(item)) for item in value])
    return value


def _date(value: str | dt.date) -> str:
    """A day, given as ISO text or as itself: `22/10/1985`."""
    return numbers.date(dt.date.fromisoformat(value) if isinstance(value, str) else value)


def _capital(value: Any) -> str:
    """What is printed, with a capital letter first."""
    text = str(_written(value))
    return text[:1].upper() + text[1:]


def _uncapital(value: Any) -> str:
    """A label within a sentence: small letter first, but for abbreviations."""
    text = str(_written(value))
    return text if text.isupper() else text[:1].lower() + text[1:]


def _begins(value: str, noun: Any) -> bool:
    """Whether a value says the noun that would stand before it."""
    return value.casefold().startswith(str(_written(noun)).casefold())


def _lower_after_first(labels: list[str]) -> str:
    """`Idade e sexo`: labels as one name."""
    return numbers.listed([labels[0], *(label.lower() for label in labels[1:])])


def _quoted(value: str | Mapping[str, Any] | list[Any]) -> Any:
    """Text, or a note, in quotation marks; each of a list."""
    return f"“{say(value)}”" if isinstance(value, str | Mapping) else [_quoted(item) for item in value]
