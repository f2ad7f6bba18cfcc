"""The door of the use cases, as `lazy_loader` opens it: each name is imported when it is first asked for."""

from .batch.bundles import (
    doubts as doubts,
)
from .batch.bundles import (
    save_model as save_model,
)
from .batch.calling import (
    CallRequest as CallRequest,
)
from .batch.calling import (
    calls_of_file as calls_of_file,
)
from .batch.effects import (
    effect_of_file as effect_of_file,
)
from .batch.effects import (
    write_effect as write_effect,
)
from .batch.evaluating import (
    compare_models as compare_models,
)
from .batch.evaluating import (
    evaluate_file as evaluate_file,
)
from .batch.evaluating import (
    write_card as write_card,
)
from .batch.evaluating import (
    write_comparison as write_comparison,
)
from .batch.evaluating import (
    write_evaluation as write_evaluation,
)
from .batch.files import (
    REPORT_ENDINGS as REPORT_ENDINGS,
)
from .batch.files import (
    SCORE_ENDINGS as SCORE_ENDINGS,
)
from .batch.files import (
    TABLE_ENDINGS as TABLE_ENDINGS,
)
from .batch.files import (
    check_output as check_output,
)
from .batch.files import (
    check_scored_output as check_scored_output,
)
from .batch.files import (
    metrics_json as metrics_json,
)
from .batch.files import (
    score_file as score_file,
)
from .batch.files import (
    write_report as write_report,
)
from .batch.files import (
    write_scored as write_scored,
)
from .batch.files import (
    write_table as write_table,
)
from .batch.scrubbing import (
    scrub_file as scrub_file,
)
from .batch.spreading import (
    ScoreRequest as ScoreRequest,
)
from .batch.spreading import (
    score_into as score_into,
)
from .batch.starter import (
    make_starter as make_starter,
)
from .batch.starter import (
    starter_of as starter_of,
)
from .batch.theming import (
    themes_of_file as themes_of_file,
)
from .batch.theming import (
    write_themes as write_themes,
)
from .batch.training import (
    train as train,
)
from .batch.validating import (
    OUTPUTS as OUTPUTS,
)
from .batch.validating import (
    product_of_model as product_of_model,
)
from .batch.validating import (
    recipe_from as recipe_from,
)
from .batch.validating import (
    validate as validate,
)
from .batch.validating import (
    write_output as write_output,
)
from .catalog import (
    dictionary as dictionary,
)
from .catalog import (
    product as product,
)
from .catalog import (
    products as products,
)
from .catalog import (
    sample_file as sample_file,
)
from .catalog import (
    template as template,
)
from .catalog import (
    write_sample as write_sample,
)
from .data.joining import (
    compare as compare,
)
from .data.joining import (
    join as join,
)
from .data.loading import (
    load as load,
)
from .data.opening import (
    Workspace as Workspace,
)
from .data.opening import (
    open_session as open_session,
)
from .data.opening import (
    open_workspace as open_workspace,
)
from .job_process import (
    run_job as run_job,
)
from .large.spread import (
    Spread as Spread,
)
from .session import (
    Actor as Actor,
)
from .session import (
    Session as Session,
)
