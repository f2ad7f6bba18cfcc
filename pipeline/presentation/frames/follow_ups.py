"""What is done about comments, as columns of a download and as tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.presentation.frames.tables import _interval
from pipeline.presentation.locale import names, numbers
from pipeline.records import AnswerMeasure, FollowUp, FollowUpEvent

STATE, OWNER, DUE, ANSWERED, NOTES = "estado", "responsavel", "prazo", "respondido_em", "anotacoes"
UNTOLD = "não informado"


def with_follow_ups(
    frame: pd.DataFrame,
    found: Sequence[FollowUp | None],
    notes: Mapping[str, Sequence[FollowUpEvent]] | None = None,
) -> pd.DataFrame:
    """A list with how far each line is, who answers it, until when and since when it is answered; `found`: one for each
    line, None for a line that has none. Moments are local time, empty where there is none. Notes only where asked for.
    """
    columns = {
        STATE: [names.follow_up_state(str(one.state)) if one else "" for one in found],
        OWNER: [one.owner if one else "" for one in found],
        DUE: [_moment(one.due) if one else "" for one in found],
        ANSWERED: [_moment(one.answered) if one else "" for one in found],
    }
    if notes is not None:
        columns[NOTES] = [_notes(notes.get(one.key, ())) if one else "" for one in found]
    return frame.assign(**{name: pd.Series(values, index=frame.index, dtype="str") for name, values in columns.items()})


def _moment(value: dt.datetime | None) -> str:
    return "" if value is None else value.strftime("%d/%m/%Y %H:%M")


def _notes(events: Sequence[FollowUpEvent]) -> str:
    return " | ".join(f"{_moment(one.at)} {one.who}: {one.note}".replace(" :", ":") for one in events)


def measures(found: Sequence[AnswerMeasure], label: str) -> pd.DataFrame:
    """Time to answer and share in time by group, as plain numbers; `label`: what the groups are."""
    records = [
        [one.group or UNTOLD, one.events, one.answered, one.hours, one.judged, *_interval(one.in_time)]
        + [one.waiting, one.unreached]
        for one in found
    ]
    headers = [
        label,
        "Comentários",
        "Respondidos",
        "Horas até responder (mediana)",
        "Com prazo vencido ou resposta",
        "No prazo",
        "No prazo: de",
        "No prazo: até",
        "Ainda no prazo",
        "Sem contato",
    ]
    return pd.DataFrame(records, columns=headers)


def measures_shown(found: Sequence[AnswerMeasure], label: str) -> pd.DataFrame:
    """The same for the eye, each number with its n and interval."""
    records = [
        [one.group or UNTOLD, numbers.number(one.events), _median(one), _in_time(one), numbers.number(one.waiting)]
        for one in found
    ]
    return pd.DataFrame(
        records, columns=[label, "Comentários", "Metade respondida em até", "No prazo", "Ainda no prazo"]
    )


def _median(one: AnswerMeasure) -> str:
    return numbers.NONE if one.hours is None else f"{numbers.duration(one.hours)} (n {numbers.number(one.answered)})"


def _in_time(one: AnswerMeasure) -> str:
    if one.in_time is None:
        return numbers.NONE
    between = numbers.interval(one.in_time)
    return f"{numbers.percent(one.in_time.value)} ({between}, n {numbers.number(one.judged)})"
