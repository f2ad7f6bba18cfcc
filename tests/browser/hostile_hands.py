"""What people type into the app, and what comes in beside the main file, as hostile text: notes, names, a queue.

Each of these goes the way that its page goes, through the use case that keeps it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace

from pipeline.records import Asked, FollowUpChange, FollowUpState
from pipeline.records.contacts import Caller, CallTold, Channel, ContactOutcome
from pipeline.records.people import Role
from pipeline.services.data import event_keys, waiting
from pipeline.services.pages import call_scripts, contacts, follow_ups, themes
from pipeline.services.pages.themes import ThemeEdit
from pipeline.services.people import entering, persons
from pipeline.services.session import Session

PASSWORD = "quatro-cavalos-azuis-7"
LONGEST_NAME = 60


def notes_on_calls(session: Session, dataset: str, series: str, payloads: Sequence[str]) -> None:
    """A call a payload: its note, who called, and a risk that somebody changed for that reason."""
    patients = session.workspace.rows(dataset, ["row", "patient_id"]).dropna()
    keys = event_keys.named(session, dataset, patients["row"].tolist())
    for number, (payload, row, patient) in enumerate(
        zip(payloads, patients["row"], patients["patient_id"], strict=False)
    ):
        caller = Caller(f"browser-{number}", payload[:LONGEST_NAME])
        outcomes = ((keys[row], ContactOutcome.NO_ANSWER),)
        told = CallTold(str(patient), outcomes, f"{number:012x}", channel=Channel.CALL, note=payload)
        contacts.record(session, series, told, caller)
        contacts.override(session, series, keys[row], 0.4, payload, caller)


def queue(session: Session, series: str, payloads: Sequence[str]) -> None:
    """A waiting list with payloads as patients, procedures, units and turns."""
    header, *body = csv.reader(
        waiting.sample(session.workspace.one_series(series).product).decode("utf-8-sig").splitlines(), delimiter=";"
    )
    for number, row in enumerate(body):
        for place in (0, 2, 3):
            row[place] = f"{payloads[(number + place) % len(payloads)]} {number if place == 0 else ''}".strip()
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows([header, *body])
    waiting.upload(session, series, out.getvalue().encode(), f"{payloads[0]}.csv")


def texts_of_scripts(session: Session, series: str, payloads: Sequence[str]) -> None:
    """The clinic's own text for each thing that is said or written: all payloads, a line each."""
    for place, script in enumerate(call_scripts.scripts(session, series)):
        text = "\n".join(one for one in payloads[place::3] if "{" not in one)
        call_scripts.change_script(session, series, script.key, text[:900])


def answers_to_comments(session: Session, dataset: str, payloads: Sequence[str]) -> None:
    """A note and an owner, a payload each, on the first comments."""
    rows = session.workspace.rows(dataset, ["row"])["row"].tolist()
    keys = event_keys.named(session, dataset, rows)
    for payload, row in zip(payloads, rows, strict=False):
        change = FollowUpChange(FollowUpState.ANSWERING, payload[:LONGEST_NAME], payload, payload[:LONGEST_NAME])
        follow_ups.change(session, dataset, Asked(keys[row], row, 24), change, expected_version=0)


def names_of_themes(session: Session, dataset: str, payloads: Sequence[str]) -> None:
    """The clinic's own themes carry payloads as names."""
    known = themes.theme_set(session, dataset).themes
    for payload, entry in zip([one for one in payloads if len(one) <= 40], known, strict=False):
        words = ", ".join(entry.terms)
        themes.edit(session, dataset, ThemeEdit(entry.key, payload, words, entry.parent, entry.on))


def people(session: Session, payloads: Sequence[str]) -> str:
    """Persons whose names and units are payloads; gives the token of one who looks at all pages. From then on everybody
    logs in.
    """
    admin = persons.begin(session, "chefe", payloads[0][:LONGEST_NAME], PASSWORD)
    own = replace(session, user=admin)
    for number, payload in enumerate(payloads[:12]):
        persons.add(own, f"pessoa{number}", payload[:LONGEST_NAME], Role.ATTENDANT, (payload[:LONGEST_NAME],))
    return entering.log_in(session.workspace, "chefe", PASSWORD).token
