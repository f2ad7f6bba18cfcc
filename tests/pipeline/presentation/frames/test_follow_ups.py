"""Downloads say how far each line is; notes only where they were asked for."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from pipeline.presentation.frames import follow_ups
from pipeline.records import AnswerMeasure, FollowUp, FollowUpEvent, FollowUpState, Interval

AT = dt.datetime(2026, 11, 28, 12, tzinfo=dt.timezone(dt.timedelta(hours=-3)))
FOUND = FollowUp("a", FollowUpState.ANSWERED, "Bia", AT, AT + dt.timedelta(hours=4), AT + dt.timedelta(hours=1))


def test_a_list_carries_what_was_done() -> None:
    frame = pd.DataFrame({"linha": [7, 9]}, index=[3, 1])
    told = follow_ups.with_follow_ups(frame, [FOUND, None])
    assert told.drop(columns="linha").to_dict("list") == {
        "estado": ["respondido", ""],
        "responsavel": ["Bia", ""],
        "prazo": ["28/11/2026 16:00", ""],
        "respondido_em": ["28/11/2026 13:00", ""],
    }
    notes = [
        FollowUpEvent(AT, "person", "Bia", "note", note="Liguei."),
        FollowUpEvent(AT, "person", "", "note", note="=1"),
    ]
    told = follow_ups.with_follow_ups(frame, [FOUND, None], {"a": notes})
    assert told["anotacoes"].tolist() == ["28/11/2026 12:00 Bia: Liguei. | 28/11/2026 12:00: =1", ""]


def test_measures_are_plain_numbers() -> None:
    table = follow_ups.measures(
        [
            AnswerMeasure("", 20, 12, 5.5, 12, Interval(0.8, 0.5, 0.9), 3, 1),
            AnswerMeasure("B", 1, 0, None, 0, None, 1, 0),
        ],
        "Unidade",
    )
    assert table["Unidade"].tolist() == ["não informado", "B"]
    assert table.iloc[0, 5:8].tolist() == [0.8, 0.5, 0.9] and table.iloc[1, 5:8].isna().all()
    shown = follow_ups.measures_shown([AnswerMeasure("B", 20, 12, 5.5, 12, Interval(0.8, 0.5, 0.9), 3, 1)], "Unidade")
    assert shown.iloc[0].tolist() == ["B", "20", "5\u00a0horas (n 12)", "80,0% (50,0–90,0%, n 12)", "3"]
    nothing = follow_ups.measures_shown([AnswerMeasure("", 1, 0, None, 0, None, 1, 0)], "Unidade")
    assert nothing.iloc[0].tolist() == ["não informado", "1", "–", "–", "1"]
