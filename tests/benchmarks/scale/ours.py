"""Our own side of the comparison: read, check and make the columns of features, in one process, without a model.

`python -m tests.benchmarks.scale.ours features SOURCE OUT`; checking is the command `validate`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.benchmarks.scale.peers import PRODUCT, sampled


def main(what: str, source: str, out: str) -> None:
    """Writes the columns of some rows; all rows and all columns are made."""
    from pipeline import services
    from pipeline.modeling.features.build import build

    if what != "features":
        raise SystemExit(f"only features, not {what}")
    declared = services.product(PRODUCT)
    columns = build(services.load(PRODUCT, Path(source)).rows, declared).columns
    columns[sampled(len(columns))].to_parquet(out)


if __name__ == "__main__":
    main(*sys.argv[1:])
