"""Numbers, dates and plurals the Brazilian way: the one place that knows how a figure is written.

Rates and risks come in as fractions (0.185), points too (0.09 stands for nine points). Rounding is half away
from zero on the decimal that is printed, so that 0.125 reads 12,5% and 13%, as a reader with a calculator
expects. The minus sign is U+2212; a value that rounds to zero never carries a sign.
"""

from __future__ import annotations

import datetime as dt
import gettext
import math
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from pipeline.records import Interval

_LANGUAGE = gettext.NullTranslations()  # one for 1, many for all else, as Portuguese is written
NBSP = "\u00a0"
MINUS = "\u2212"
EN_DASH = "\u2013"
NONE = EN_DASH

_MONTHS = ("jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez")
_MONTH_NAMES = (
    "janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro",
    "dezembro",
)  # fmt: skip
_WORDS = (
    "zero", "um", "dois", "três", "quatro", "cinco", "seis", "sete", "oito", "nove", "dez", "onze", "doze",
    "treze", "catorze", "quinze", "dezesseis", "dezessete", "dezoito", "dezenove", "vinte",
)  # fmt: skip
_FEMININE = {1: "uma", 2: "duas"}


def rounded(value: float, decimals: int) -> Decimal:
    """`value` rounded half away from zero on its shortest decimal form."""
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def _missing(value: float | None) -> bool:
    return value is None or not math.isfinite(value)


def _grouped(value: Decimal) -> str:
    """Absolute value with `.` between thousands and `,` before decimals."""
    return f"{abs(value):,f}".translate(str.maketrans(",.", ".,"))


def decimal(value: float | None, decimals: int = 1) -> str:
    """`1204.5` → `1.204,5`; None, NaN and infinities → `–`."""
    if value is None or _missing(value):
        return NONE
    shown = rounded(value, decimals)
    return (MINUS if shown < 0 else "") + _grouped(shown)


def number(value: float | None, decimals: int = 0) -> str:
    """A count: `1204` → `1.204`."""
    return decimal(value, decimals)


def percent(fraction: float | None, decimals: int = 1) -> str:
    """`0.185` → `18,5%`."""
    if fraction is None or _missing(fraction):
        return NONE
    return decimal(_times_100(fraction), decimals) + "%"


def _times_100(fraction: float) -> float:
    """Shifts the decimal point, where a product of floats would turn 0.145 into 14.499999."""
    return float(Decimal(repr(float(fraction))).scaleb(2))


def share(part: int, total: int, decimals: int = 1) -> str:
    """Part of a total: never `0%` for something or `100%` for almost all (`menos de 0,1%`, `mais de 99,9%`)."""
    if total <= 0:
        return NONE
    text = percent(part / total, decimals)
    step = 10.0 ** (-decimals - 2)
    if part > 0 and text == percent(0.0, decimals):
        return "menos de " + percent(step, decimals)
    if part < total and text == percent(1.0, decimals):
        return "mais de " + percent(1 - step, decimals)
    return percent(part / total, 0) if part in (0, total) else text


def interval(item: Interval | None, decimals: int = 1) -> str:
    """The 95 % interval of a rate: `19,5–20,1%`; empty where there is none. Ends that would look alike as whole numbers
    get a decimal.
    """
    if item is None or item.low is None or item.high is None:
        return ""
    low, high = percent(item.low, decimals), percent(item.high, decimals)
    if low == high and item.low < item.high and decimals == 0:
        return interval(item)
    return f"{low[:-1]}{EN_DASH}{high}"


def decimal_interval(item: Interval | None, decimals: int = 3) -> str:
    """The interval of a number that is not a rate: `0,731 a 0,748` (with signs a dash would be misread)."""
    if item is None or item.low is None or item.high is None:
        return ""
    return f"{decimal(item.low, decimals)} a {decimal(item.high, decimals)}"


def signed(value: float | None, decimals: int = 1) -> str:
    """`+3,1`, `−8,0`; zero has no sign."""
    if value is None or _missing(value):
        return NONE
    shown = rounded(value, decimals)
    sign = "+" if shown > 0 else MINUS if shown < 0 else ""
    return sign + _grouped(shown)


def points(fraction: float | None, decimals: int = 0) -> str:
    """Percentage points: `0.09` → `+9`; `0.031, 1` → `+3,1`; `-0.0001` → `0`, never `−0`."""
    if fraction is None or _missing(fraction):
        return NONE
    return signed(_times_100(fraction), decimals)


def signed_percent(fraction: float | None, decimals: int = 0) -> str:
    """A balance of shares: `0.41` → `+41%`, `-0.08` → `−8%`."""
    return NONE if fraction is None or _missing(fraction) else signed(_times_100(fraction), decimals) + "%"


def summing(values: Sequence[float], total: float, decimals: int = 1) -> list[float]:
    """`values`, in points, rounded so that what is printed adds up to the printed total.

    Largest remainder method: each number moves by less than one unit of the last decimal. Takes and gives
    fractions (0.031), `decimals` counts those of the points.
    """
    unit = 10.0 ** (-decimals - 2)
    target = int(rounded(total / unit, 0))
    floors = [math.floor(value / unit) for value in values]
    left = target - sum(floors)
    order = sorted(range(len(values)), key=lambda i: floors[i] - values[i] / unit)
    whole, extra = divmod(left, len(values)) if values else (0, 0)
    lifted = set(order[:extra])
    return [(floor + whole + (i in lifted)) * unit for i, floor in enumerate(floors)]


def date(value: dt.date | None) -> str:
    """`22/10/1985`."""
    return f"{value:%d/%m/}{value.year:04d}" if value is not None else NONE


def moment(value: dt.datetime, now: dt.datetime) -> str:
    """`28/11 16:00`, as the clocks of `now` show it; with the year where it is another one."""
    there = value.astimezone(now.tzinfo)
    day = f"{there.day:02d}/{there.month:02d}" + ("" if there.year == now.year else f"/{there.year:04d}")
    return f"{day} {there.hour:02d}:{there.minute:02d}"


def duration(hours: float) -> str:
    """A time that somebody waited, in its largest fitting unit: `40 minutos`, `3 horas`, `5 dias`; never more than it
    was.
    """
    if hours < 1:
        return plural(max(int(hours * 60), 0), "minuto", "minutos")
    return plural(int(hours), "hora", "horas") if hours < 48 else plural(int(hours // 24), "dia", "dias")


def period(first: dt.date | None, last: dt.date | None) -> str:
    """`01/02/2026 a 31/05/2026`; one date where both are the same."""
    if first is None or last is None:
        return NONE
    return date(first) if first == last else f"{date(first)} a {date(last)}"


def month(key: str) -> str:
    """`2026-03` → `mar/2026`."""
    year, _, index = key.partition("-")
    return f"{_MONTHS[int(index[:2]) - 1]}/{year}"


def month_name(key: str) -> str:
    """`2026-03` → `março de 2026`."""
    year, _, index = key.partition("-")
    return f"{_MONTH_NAMES[int(index[:2]) - 1]} de {year}"


def period_name(key: str) -> str:
    """A month (`2026-03` → `mar/2026`) or a week by its Monday (`2026-03-02` → `02/03`)."""
    return f"{key[8:10]}/{key[5:7]}" if len(key) > 7 else month(key)


def word(value: int, feminine: bool = False) -> str:
    """`5` → `cinco`; above twenty, digits."""
    if feminine and value in _FEMININE:
        return _FEMININE[value]
    return _WORDS[value] if 0 <= value < len(_WORDS) else number(value)


def agree(count: int, one: str, many: str) -> str:
    """The form that agrees with a count, without it: `fica`, `ficam`; zero takes the plural."""
    return _LANGUAGE.ngettext(one, many, abs(count))


def plural(count: int, one: str, many: str) -> str:
    """`1 linha`, `1.204 linhas`; zero takes the plural."""
    return f"{number(count)}{NBSP}{agree(count, one, many)}"


def listed(items: Sequence[str], last: str = "e") -> str:
    """`a, b e c`."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def file_size(size: int) -> str:
    """`1234567` → `1,2 MB` (powers of ten, as file managers show)."""
    if size < 1000:
        return plural(size, "byte", "bytes")
    value, unit = _in_units(size)
    return f"{decimal(value, 0 if value >= 100 else 1)}{NBSP}{unit}"


def exact_size(size: int) -> str:
    """A size that is held against a limit: `300400000` → `300,4 MB`, `1000000` → `1 MB`."""
    if size < 1000:
        return plural(size, "byte", "bytes")
    value, unit = _in_units(size)
    return f"{decimal(value).removesuffix(',0')}{NBSP}{unit}"


def _in_units(size: int) -> tuple[float, str]:
    power = next((p for p in (1, 2, 3) if size < 999.5 * 1000**p), 4)
    return size / 1000**power, ("kB", "MB", "GB", "TB")[power - 1]
