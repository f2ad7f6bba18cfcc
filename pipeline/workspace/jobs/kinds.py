"""The kinds of jobs, and what is said of those of each: to whoever asks for a second one, and in the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

TRAIN, SENSE, READ, LIST = "train", "sense", "read", "list"


@dataclass(frozen=True)
class Kind:
    """`busy`: the code of the refusal while another runs; `ended`: the action in the audit log; `forgets`: what it was
    told to do is not kept beyond its end.
    """

    busy: str
    ended: str
    forgets: bool = False


KINDS: Mapping[str, Kind] = {
    TRAIN: Kind("job.one_at_a_time", "training_ended"),
    SENSE: Kind("job.one_at_a_time", "sense_reading_ended"),
    READ: Kind("server_files.one_at_a_time", "server_reading_ended", forgets=True),
    LIST: Kind("agenda.one_at_a_time", "list_making_ended"),
}
