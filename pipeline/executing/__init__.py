"""The one seam for work on many rows: pure tasks in, their results out in order, wherever they were done.

In this process, in a pool of processes, or on the workers of a Dask scheduler: `opened` gives a
`concurrent.futures.Executor`, `run` does the tasks of it and `Kept` remembers what is finished. Nothing here knows what
the work is.
"""

from pipeline.executing.executors import Workers, ending, opened
from pipeline.executing.kept import Kept, kept, key_of
from pipeline.executing.work import Task, run

__all__ = ["Kept", "Task", "Workers", "ending", "kept", "key_of", "opened", "run"]
