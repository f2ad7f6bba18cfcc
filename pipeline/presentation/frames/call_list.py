"""The call list for the eye: one line an entry, what stands behind it, and how its lines are named.

Frames come from the kept list (see `insight.calls.call_list`), sorted by risk; an entry is a patient, or a booking
where nobody knows whose it is.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from pipeline.contract import Field, FieldKind, Outcome, Product, Role
from pipeline.presentation.frames import tables
from pipeline.presentation.frames.tables import RISK, TIER, WHEN
from pipeline.presentation.locale import numbers
from pipeline.presentation.locale.messages import say
from pipeline.presentation.locale.names import tier
from pipeline.presentation.sentences import reason_words
from pipeline.records import note

REASONS = ("Principal motivo", "Motivo 2", "Motivo 3")
WHO, MORE, CAME, NOTE, WHAT, SHOWN = "Paciente", "Mais", "O que houve", "Observação", "O quê", "Nesta lista"
LATE, VALUE = "Desmarca tarde", "Valor da vaga (R$)"
_LATE, _VALUE = "late_chance", "slot_value"  # columns of the kept list that stand beside the risk where they are known
_KEPT_REASONS = 5
_NEAR = 300  # days ahead within which a day without a year is plain


def screen(
    chosen: pd.DataFrame,
    place: np.ndarray,
    lines: pd.DataFrame,
    product: Product,
    as_of: dt.date,
    *,
    untold: frozenset[str] = frozenset(),
    looks_back: bool = False,
) -> pd.DataFrame:
    """One line an entry, for the screen (index = row of its highest risk): risk, when, who, reasons, tier, the rest.

    `place`: the entry of each chosen line; `lines`: all that the list holds of these patients; `untold`: factors
    that the filters have told already, and that are no reason here.
    """
    frame = firsts(chosen, place)
    shown: dict[str, object] = {RISK: frame["risk"].round(2).to_numpy(), WHEN: whens(frame, product, as_of)}
    shown[who_label(frame, product)] = names(frame, product)
    if looks_back:
        shown[CAME] = came(frame, product)
    said = reasons(frame, untold)
    shown[REASONS[0]] = said[0]
    shown[TIER] = tier_texts(frame)
    shown |= {LATE: [percents(value) for value in late(frame)]} if _LATE in frame else {}
    shown |= {VALUE: [reais(value) for value in values(frame)]} if _VALUE in frame else {}
    others = more(chosen, place, lines, product)
    if others.any():
        shown[MORE] = [f"+{n}" if n else "" for n in others.tolist()]
    for field in told_fields(product, frame):
        shown[field.label] = texts(frame[field.key])
    shown |= dict(zip(REASONS[1:], said[1:], strict=True))
    shown[NOTE] = reason_words.texts(frame["observation"]).tolist()
    return pd.DataFrame(shown, index=frame["row"].to_numpy())


def late(frame: pd.DataFrame) -> list[float | None]:
    """The chance of each line to be given up shortly before its day; None where nobody knows."""
    return _numbers(frame, _LATE)


def values(frame: pd.DataFrame) -> list[float | None]:
    """R$ of each line's slot, where the clinic said them; None elsewhere."""
    return _numbers(frame, _VALUE)


def _numbers(frame: pd.DataFrame, name: str) -> list[float | None]:
    if name not in frame:
        return [None] * len(frame)
    return [None if pd.isna(value) else float(value) for value in frame[name].tolist()]


def percents(value: float | None) -> str:
    """A chance as a cell has it, "" where there is none."""
    return "" if value is None else numbers.percent(value, 0)


def reais(value: float | None) -> str:
    """An amount as a cell has it, "" where there is none."""
    return "" if value is None else numbers.decimal(value, 2)


def with_own(frame: pd.DataFrame, own: pd.DataFrame | None) -> pd.DataFrame:
    """A page of the list with the clinic's own columns (index = row) after the column of names."""
    if own is None:
        return frame
    names = list(frame.columns)
    at = 3  # after risk, when and who
    own = own.rename(columns=lambda name: say(note("call_list.own_column", name=name)) if name in names else name)
    return pd.concat([frame[names[:at]], own, frame[names[at:]]], axis=1)


def bookings(
    own: pd.DataFrame, shown: np.ndarray, product: Product, as_of: dt.date, *, looks_back: bool = False
) -> pd.DataFrame:
    """The bookings of one entry, those shown first, then by day and hour (index = row)."""
    order = np.lexsort((own[product.time.hour_column].fillna(24).to_numpy(), own[product.time.key].to_numpy(), ~shown))
    frame = own.iloc[order]
    columns = {
        WHEN: whens(frame, product, as_of),
        WHAT: whats(frame, product),
        RISK: frame["risk"].to_numpy(),
        TIER: tier_texts(frame),
        SHOWN: shown[order],
        CAME: came(frame, product) if looks_back else [""] * len(frame),
    }
    return pd.DataFrame(columns, index=frame["row"].to_numpy())


def firsts(chosen: pd.DataFrame, place: np.ndarray) -> pd.DataFrame:
    """The line of the highest risk of each entry."""
    return chosen.loc[~pd.Series(place).duplicated().to_numpy()]


def more(chosen: pd.DataFrame, place: np.ndarray, lines: pd.DataFrame, product: Product) -> np.ndarray:
    """How many other bookings stand behind each entry, shown or not (int, one an entry)."""
    first = firsts(chosen, place)
    same = (
        np.bincount(place - place.min(), minlength=len(first))[: len(first)] if len(place) else np.zeros(0, dtype=int)
    )
    field = product.by_role(Role.PATIENT)
    if field is None or (len(same) and same.max() == 1 and len(first) == len(lines)):
        return same - 1
    all_of = lines[field.key].astype("object").value_counts()
    known = first[field.key].astype("object").map(all_of).fillna(0).to_numpy(dtype=np.int64)
    return np.maximum(known, same) - 1


def reasons(frame: pd.DataFrame, untold: frozenset[str] = frozenset()) -> list[list[str]]:
    """Three columns of "+38 · 10 faltas nos últimos 10 agendamentos": points first, so that no cut can change them."""
    return [
        [f"{numbers.points(p)} · {text}" if text else "" for text, p in column]
        for column in reasons_apart(frame, untold)
    ]


def reasons_apart(frame: pd.DataFrame, untold: frozenset[str] = frozenset()) -> list[list[tuple[str, float]]]:
    """Three columns of (what is said, points of risk as a fraction)."""
    columns = [
        zip(
            reason_words.texts(frame[f"reason_{n}"]).tolist(),
            frame[f"reason_{n}_points"].tolist(),
            texts(frame[f"reason_{n}_factor"]),
            strict=True,
        )
        for n in range(1, _KEPT_REASONS + 1)
    ]
    rows = [
        [(text, p) for text, p, factor in row if text and factor not in untold] for row in zip(*columns, strict=True)
    ]
    return [[row[n] if n < len(row) else ("", float("nan")) for row in rows] for n in range(len(REASONS))]


def who_label(frame: pd.DataFrame, product: Product) -> str:
    """What the column of names is called: patients, or the bookings themselves."""
    return WHO if _has_patients(frame, product) else product.words.row.capitalize()


def _has_patients(frame: pd.DataFrame, product: Product) -> bool:
    field = product.by_role(Role.PATIENT)
    return field is not None and bool(frame[field.key].notna().any())


def names(frame: pd.DataFrame, product: Product) -> list[str]:
    """A patient's short pseudonym; a booking of nobody's is named by hour, procedure and row of the file."""
    field, procedure = product.by_role(Role.PATIENT), product.by_role(Role.PROCEDURE)
    known = tables.patients(frame[field.key]).tolist() if field is not None else [""] * len(frame)
    what = texts(frame[procedure.key]) if procedure is not None and procedure.key in frame else [""] * len(frame)
    at = [tables.hour(value) for value in frame[product.time.hour_column].tolist()]
    return [
        name or " · ".join(part for part in (hour, thing, f"linha {row}") if part)
        for name, hour, thing, row in zip(known, at, what, frame["row"].tolist(), strict=True)
    ]


def whens(frame: pd.DataFrame, product: Product, as_of: dt.date) -> list[str]:
    """Day and hour of each line."""
    return [
        when(day, at, as_of) for day, at in zip(frame[product.time.key], frame[product.time.hour_column], strict=True)
    ]


def when(day: pd.Timestamp, at: float, as_of: dt.date) -> str:
    """`01/12 09:40`, or `26/10/2027` where the day alone would be taken for a nearer one."""
    if pd.isna(day):
        return ""
    near = 0 <= (day.date() - as_of).days < _NEAR
    return f"{day:%d/%m} {tables.hour(at)}".strip() if near else f"{day:%d/%m/%Y}"


def whats(frame: pd.DataFrame, product: Product) -> list[str]:
    """ "Consulta · Unidade Sul": procedure (or category) and unit of each line."""
    found = [f for role in (Role.PROCEDURE, Role.UNIT) if (f := product.by_role(role)) and f.key in frame]
    found = found or [f for role in (Role.CATEGORY, Role.TYPE) if (f := product.by_role(role)) and f.key in frame][:1]
    return (
        [" · ".join(part for part in row if part) for row in zip(*(texts(frame[f.key]) for f in found), strict=True)]
        if found
        else [""] * len(frame)
    )


def came(frame: pd.DataFrame, product: Product) -> list[str]:
    """What came of each line: the product's words for the event and its absence, or else what the file says."""
    words = {Outcome.EVENT.value: product.words.event, Outcome.NON_EVENT.value: product.words.non_event}
    said = texts(frame[product.target.key])
    return [words.get(state, text.lower()) for state, text in zip(texts(frame["state"]), said, strict=True)]


def told_fields(product: Product, frame: pd.DataFrame) -> list[Field]:
    """Fields worth a column beside those that the list has of its own."""
    return [f for f in tables.shown_fields(product, frame) if f.kind is not FieldKind.DATE and not f.personal]


def tier_texts(frame: pd.DataFrame) -> list[str]:
    """Dots and word of each line's band."""
    return [tables.tier_text(key) for key in texts(frame["tier"])]


def tier_names(frame: pd.DataFrame) -> list[str]:
    """The name of each line's band alone; "" where it has none."""
    return [tier(key) if key else "" for key in texts(frame["tier"])]


def texts(column: pd.Series) -> list[str]:
    """Values as text, "" where missing."""
    return [str(value) for value in column.astype("object").where(column.notna(), "").tolist()]
