"""Comments: training against one fit of TF-IDF with logistic regression,
scoring against its bare prediction, and memory.
"""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks import material
from tests.benchmarks.harness import MEGABYTE, Result, fresh, seconds_of, written

TITLE = "comentários"
TRAIN_LIMIT, SCORE_LIMIT, PEAK_LIMIT_MB, THEMES_LIMIT = 10.0, 3.0, 1536.0, 60.0
SENSE_LIMIT, SENSED = 120.0, 1_000  # seconds, comments
HERE = "tests.benchmarks.bench_comments"
PRODUCT = "satisfaction"
COMMENTED = 0.75  # of the sample's rows
REAL = Path(__file__).resolve().parents[3] / "shared" / "real" / "b2w_avaliacoes_10k.csv.gz"
REPEATS = 2


def measure(quick: bool = False) -> list[Result]:
    """Real comments where they are, else invented ones; each in a fresh process."""
    learnt, judged, many = (2_000, 2_000, 4_000) if quick else (10_000, 20_000, 100_000)
    source = str(REAL) if REAL.is_file() and not quick else _sample(learnt)
    model = str(material.folder() / "comentarios.zip")
    trained = fresh(f"{HERE}:train", source, model, timeout=3600).answer
    scored = fresh(f"{HERE}:score", source, model, judged, timeout=3600).answer
    large, peak_model = _sample(many), str(material.folder() / "muitos.zip")
    whole = fresh(f"{HERE}:train_only", large, peak_model, timeout=3600)
    read = fresh(f"{HERE}:score_only", large, peak_model, timeout=3600)
    themed = fresh(f"{HERE}:themes", large, timeout=3600).answer
    sensed = fresh(f"{HERE}:sense", source, 100 if quick else SENSED, timeout=3600).answer
    kind = "reais" if source == str(REAL) else "inventados"
    return [
        Result(
            f"treinar em {written(trained['rows'])} comentários {kind}",
            trained["ours"] / trained["theirs"],
            None if quick else TRAIN_LIMIT,
            reference="um ajuste de TF-IDF com regressão logística",
            detail=f"{written(trained['ours'])} s contra {written(trained['theirs'])} s",
        ),
        Result(
            f"ler {written(judged)} comentários com motivos",
            min(scored["ours"]) / min(scored["theirs"]),
            None if quick else SCORE_LIMIT,
            reference="predict_proba da referência",
            detail=f"{written(min(scored['ours']))} s contra {written(min(scored['theirs']))} s",
        ),
        Result(
            f"treinar em {written(many)} comentários, pico de memória",
            whole.peak / MEGABYTE,
            PEAK_LIMIT_MB,
            "MB",
            reference="processo novo",
            detail=f"{written(whole.seconds)} s",
        ),
        Result(
            f"ler {written(many)} comentários, pico de memória",
            read.peak / MEGABYTE,
            PEAK_LIMIT_MB,
            "MB",
            reference="processo novo",
            detail=f"{written(read.seconds)} s",
        ),
        Result(
            f"temas com elogio e queixa de {written(themed['comments'])} comentários",
            themed["seconds"],
            None if quick else THEMES_LIMIT,
            "s",
            reference="um processador",
            detail=f"{written(themed['distinct'])} textos distintos",
        ),
        *(
            [
                Result(
                    f"ler o sentido de {written(sensed['comments'])} comentários",
                    sensed["seconds"],
                    None if quick else SENSE_LIMIT,
                    "s",
                    reference="a máquina inteira",
                    detail=f"{written(sensed['comments'] / sensed['seconds'])} por segundo",
                )
            ]
            if sensed["seconds"]
            else []
        ),
    ]


def _sample(comments: int) -> str:
    """A synthetic file with so many comments."""
    path = material.folder() / f"comentarios_{comments}.csv"
    if not path.is_file():
        fresh(f"{HERE}:write", str(path), round(comments / COMMENTED))
    return str(path)


def write(path: str, rows: int) -> None:
    """Writes the sample (fresh process)."""
    from pipeline import services

    services.write_sample(PRODUCT, Path(path), rows, material.SEED)


def train(source: str, model: str) -> dict[str, float]:
    """Seconds of a whole training with its usual effort,
    tests included, and of one fit of the reference (fresh process).
    """
    from pipeline import services
    from pipeline.modeling.evaluation.baselines import tf_idf
    from pipeline.modeling.text import sentence_encoder

    sentence_encoder.installed = lambda: None  # type: ignore[assignment]  # the reference has words alone, too
    dataset = services.load(PRODUCT, Path(source))
    said = dataset.rows.loc[dataset.rows["comment"].notna() & dataset.rows["rating"].notna()]
    theirs = seconds_of(lambda: tf_idf().fit(said["comment"].tolist(), said["rating"]))
    ours = seconds_of(lambda: services.save_model(services.train(dataset, effort="standard", seed=7)[0], Path(model)))
    return {"ours": ours, "theirs": theirs, "rows": len(said)}


def score(source: str, model: str, judged: int) -> dict[str, list[float]]:
    """Seconds of scoring with reasons and of the reference's prediction, in turn (fresh process)."""
    import pandas as pd

    from pipeline import services
    from pipeline.insight.scoring import score as scoring
    from pipeline.modeling.bundle import bundle
    from pipeline.modeling.evaluation.baselines import tf_idf

    declared = services.product(PRODUCT)
    loaded, rows = bundle.load(Path(model), declared), services.load(PRODUCT, Path(source)).rows
    rows = rows.loc[rows["comment"].notna()]
    rated = rows.loc[rows["rating"].notna()]
    reference = tf_idf().fit(rated["comment"].tolist(), rated["rating"])
    rows = pd.concat([rows] * -(-judged // len(rows)), ignore_index=True).iloc[:judged]
    comments = rows["comment"].tolist()

    def ours() -> None:
        found = scoring.score(rows, declared, loaded, threads=1)
        if not scoring.reasons(found, rows, declared)[0].notes.any() or not found.marks.any():
            raise RuntimeError("nenhum comentário recebeu motivos")

    pairs = [(seconds_of(ours), seconds_of(lambda: reference.predict_proba(comments))) for _ in range(REPEATS)]
    return {"ours": [a for a, _ in pairs], "theirs": [b for _, b in pairs]}


def themes(source: str) -> dict[str, float]:
    """Processor seconds of reading a file's comments for their themes, and of the overview (fresh process)."""
    import time

    import numpy as np

    from pipeline import services
    from pipeline.insight.comments import themes as insight
    from pipeline.insight.groups.counts import days

    declared, rows = services.product(PRODUCT), services.load(PRODUCT, Path(source)).rows
    rows = rows.loc[rows["comment"].notna()]
    comments, stars = rows["comment"].tolist(), rows["rating"].to_numpy(dtype=np.float64)
    begun = time.process_time()
    insight.overview(comments, stars, days(rows[declared.time.key]), declared.themes, declared.opinions)
    return {
        "seconds": time.process_time() - begun,
        "comments": len(comments),
        "distinct": len(set(comments)),
    }


def sense(source: str, most: int) -> dict[str, float]:
    """Seconds of reading the sense of a file's first comments; 0 where no encoder is installed (fresh process)."""
    from pipeline import services
    from pipeline.modeling.text import sentence_encoder

    rows, encoder = services.load(PRODUCT, Path(source)).rows, sentence_encoder.installed()
    texts = list(dict.fromkeys(rows["comment"].dropna()))[:most]
    return {"comments": len(texts), "seconds": seconds_of(lambda: encoder.vectors(texts)) if encoder else 0.0}


def train_only(source: str, model: str) -> int:
    """The command, as it is typed (fresh process)."""
    from pipeline import cli

    return cli.run(["train", PRODUCT, source, "--model", model, "--effort", "fast"])


def score_only(source: str, model: str) -> int:
    from pipeline import cli

    return cli.run(["score", source, "--model", model, "--out", str(Path(model).with_suffix(".parquet"))])
