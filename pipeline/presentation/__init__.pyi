"""The door of presentation, as `lazy_loader` opens it: each name is imported when it is first asked for."""

from .locale.messages import refusal as refusal
from .locale.messages import say as say
