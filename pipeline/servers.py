"""What this machine is called among those that serve one workspace: processes are asked after only where they run."""

from __future__ import annotations

import hashlib
import os
import platform

VARIABLE = "PRESENCA_SERVER"


def name() -> str:
    """`PRESENCA_SERVER`, or the name of the host. Two servers of a workspace must not share one."""
    return "_".join((os.environ.get(VARIABLE) or platform.node() or "localhost").split())


def mark() -> str:
    """The name as it stands in names of files: 8 hex digits."""
    return hashlib.sha256(name().encode()).hexdigest()[:8]
