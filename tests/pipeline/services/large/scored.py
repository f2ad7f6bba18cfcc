"""A file scored whole and by shards, as the tests of the law compare them; also run as a program, to be killed."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from pipeline import services
from pipeline.executing import Workers, kept
from pipeline.ingestion.dataset import Dataset
from pipeline.insight import fit
from pipeline.insight.scoring import score
from pipeline.records import AgendaSummary, Fit
from pipeline.services.batch import bundles, files
from pipeline.services.large import scoring, spread
from pipeline.services.large.spread import Spread


@dataclass(frozen=True)
class Answer:
    """What scoring gives: the table, what is counted, what is judged."""

    table: pa.Table
    summary: AgendaSummary
    known: Fit

    def __eq__(self, other: object) -> bool:
        assert isinstance(other, Answer)
        return self.table.equals(other.table) and (self.summary, self.known) == (other.summary, other.known)


@dataclass(frozen=True)
class Case:
    """A file, its patients' past, and a model's file."""

    dataset: Dataset
    past: Dataset | None
    bundle: Path

    @staticmethod
    def of(product: str, file: Path, past: Path | None, bundle: Path) -> Case:
        return Case(services.load(product, file), services.load(product, past) if past else None, bundle)

    def whole(self) -> Answer:
        declared, model = bundles.opened(self.bundle)
        past = self.past.rows if self.past else None
        scored = score.score(self.dataset.rows, declared, model, history=past)
        told = (scored.risk, self.dataset.rows["outcome"].to_numpy(dtype="float64"))
        known = fit.judged(self.dataset.rows, declared, model, told)
        return Answer(files.append_risks(self.dataset, declared, model, scored, declared.themes), scored.summary, known)

    def by_shards(self, executor: Workers, number: int, block: int = 97) -> Answer:
        declared, model = bundles.opened(self.bundle)
        asked = scoring.ToScore(self.dataset, declared, model, self.past, None, declared.themes, number)
        with kept(None, {}) as there:
            doing = spread.Doing(executor, len(self.dataset.raw.rows), lambda _: None)
            found = scoring.score_shards(asked, there, doing, self.bundle.read_bytes())
            return Answer(pa.concat_tables(found.blocks(block)), found.summary(), found.fit())


def main(source: str, bundle: str, out: str, work: str, workers: str) -> None:
    """Scores a file into another by six shards, keeping what is finished."""
    how = Spread(int(workers), work=Path(work), shards=6)
    told = services.score_into(services.ScoreRequest(Path(source), Path(bundle)), Path(out), how)
    print(told.went_on)


if __name__ == "__main__":
    main(*sys.argv[1:])
