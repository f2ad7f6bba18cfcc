"""The door of the reading room."""

from pipeline.ingestion.limits import LIMITS, Limits
from pipeline.ingestion.rawtable import RawTable

__all__ = ["LIMITS", "Limits", "RawTable"]
