"""The use cases. The one package that knows every step; called by the command line, jobs and pages alike."""

from pipeline.services.batch.files import (
    REPORT_ENDINGS,
    TABLE_ENDINGS,
    check_output,
    metrics_json,
    save_model,
    score_file,
    train,
    write_report,
    write_table,
)
from pipeline.services.batch.validating import OUTPUTS, product_of_model, recipe_from, validate, write_output
from pipeline.services.catalog import (
    dictionary,
    product,
    products,
    sample_file,
    template,
    write_sample,
)
from pipeline.services.data.joining import compare, join
from pipeline.services.data.loading import load
from pipeline.services.data.opening import open_workspace
from pipeline.services.models.models import run_job
from pipeline.workspace.store import Workspace

__all__ = [
    "OUTPUTS",
    "REPORT_ENDINGS",
    "TABLE_ENDINGS",
    "Workspace",
    "check_output",
    "compare",
    "dictionary",
    "join",
    "load",
    "metrics_json",
    "open_workspace",
    "product",
    "product_of_model",
    "products",
    "recipe_from",
    "run_job",
    "sample_file",
    "save_model",
    "score_file",
    "template",
    "train",
    "validate",
    "write_output",
    "write_report",
    "write_sample",
    "write_table",
]
