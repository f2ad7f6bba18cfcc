"""Where datasets, models, jobs and the audit log rest: SQLite for records, Parquet for rows, one folder to back up.

`Workspace` is the door. The room knows records, never steps: it keeps what it is given.
"""

import lazy_loader

# the names stand in __init__.pyi: nothing heavy is imported before it is used
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
