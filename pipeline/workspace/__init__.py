"""Where datasets, models, jobs and the audit log rest: SQLite for records, Parquet for rows, one folder to back up.

`store.Workspace` is the door. The room knows records, never steps: it keeps what it is given.
"""

from pipeline.workspace.store import Workspace

__all__ = ["Workspace"]
