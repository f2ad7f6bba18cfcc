"""The door for an analyst in a notebook, as `lazy_loader` opens it."""

from .services.batch.explaining import explain as explain
