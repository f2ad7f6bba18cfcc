"""The door of ingestion, as `lazy_loader` opens it: each name is imported when it is first asked for."""

from .dataset import Dataset as Dataset
from .intake import ingest as ingest
from .joining import compare as compare
from .joining import join as join
from .reading.raw_table import RawTable as RawTable
from .reading.reader import read as read
