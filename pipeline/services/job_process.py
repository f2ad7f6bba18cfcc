"""What the process of a job does, of whatever kind."""

from __future__ import annotations

from pipeline.services.models import models
from pipeline.services.pages import list_job
from pipeline.workspace.jobs import job_queue


def run_job(job_id: str) -> None:
    """The work of a job, from its beginning to saying how it ended."""
    models.run_job(job_id, {job_queue.LIST: list_job.run})
