"""The door of insight, as `lazy_loader` opens it: each name is imported when it is first asked for."""

from .scoring.score import Scored as Scored
from .scoring.score import score as score
