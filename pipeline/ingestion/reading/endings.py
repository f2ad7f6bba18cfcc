"""What is said where the child that read a file was ended."""

from __future__ import annotations

from pipeline.errors import UnreadableFile
from pipeline.sandbox import Ended

_CODES = {
    "time": "reading.ended_time",
    "memory": "reading.ended_memory",
    "fault": "reading.ended_fault",
}


def refusal(ended: Ended, name: str) -> UnreadableFile:
    """The refusal of the file `name`, by what ended its child."""
    return UnreadableFile(_CODES.get(ended.why, _CODES["fault"]), name=name)
