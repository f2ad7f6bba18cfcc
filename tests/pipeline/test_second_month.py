"""Two clinics' three months by command line: every number is what pandas counts; what is foreign is said."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from pipeline import cli
from pipeline.modeling.training import boosting
from tests.clinics import CALLED_OFF_ON, CAME, MISSED, OTHER_HEADERS, PENDING, STATUS, UNIT, Clinic, sampled
from tests.toy.house import TINY

pytestmark = pytest.mark.usefixtures("asked_once")


@dataclass(frozen=True)
class Desk:
    """Both clinics' files, a model of each first month, and where the next outputs go."""

    norte: Clinic
    sul: Clinic
    folder: Path

    def model(self, clinic: Clinic) -> str:
        return str(self.folder / f"{clinic.name}.zip")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("second_month")
    made = Desk(sampled("Norte", folder, 21, {}), sampled("Sul", folder, 22, OTHER_HEADERS), folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(boosting.EFFORTS, "fast", TINY)
        for clinic in (made.norte, made.sul):
            metrics = str(folder / f"{clinic.name}.json")
            assert (
                cli.run(
                    [
                        "train",
                        "no_show",
                        str(clinic.files[0]),
                        "--model",
                        made.model(clinic),
                        "--metrics",
                        metrics,
                        "--effort",
                        "fast",
                    ]
                )
                == 0
            )
    return made


@pytest.fixture(params=["norte", pytest.param("sul", marks=pytest.mark.slow)])
def clinic(request: pytest.FixtureRequest, desk: Desk) -> Clinic:
    return getattr(desk, request.param)


def said(capsys: pytest.CaptureFixture[str]) -> str:
    """What came on stderr, white space squeezed, without progress."""
    lines = capsys.readouterr().err.splitlines()
    return " ".join(" ".join(line for line in lines if not re.match(r"\d+% ·", line)).split())


def count(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def table(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, sep=";", dtype=str, keep_default_na=False, encoding="utf-8-sig")


def test_the_report_counts_as_pandas_does(clinic: Clinic, tmp_path: Path) -> None:
    rows, out = clinic.rows[1], tmp_path / "r.json"
    assert cli.run(["validate", "no_show", str(clinic.files[1]), "--report", str(out)]) == 0
    report, status = json.loads(out.read_text("utf-8")), rows[STATUS]
    assert (report["rows_read"], report["rows_usable"]) == (len(rows), len(rows))
    told = {
        "event": (status == MISSED).sum(),
        "non_event": (status == CAME).sum(),
        "pending": (status == PENDING).sum(),
    }
    told["excluded"], told["unknown"] = len(rows) - sum(told.values()), 0
    assert report["outcomes"] == told
    assert report["event_rate"]["value"] == pytest.approx((status == MISSED).sum() / status.isin([MISSED, CAME]).sum())
    known = rows[status != PENDING]
    assert report["last_outcome_date"] == known["day"].max().date().isoformat()
    assert (report["first_date"], report["last_date"]) == tuple(
        d.date().isoformat() for d in (rows["day"].min(), rows["day"].max())
    )


def test_joined_months_hold_each_appointment_once(
    clinic: Clinic, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "todos.csv"
    assert cli.run(["join", "no_show", *map(str, clinic.files), "--out", str(out)]) == 0
    once, everything = clinic.known(2), sum(map(len, clinic.rows))
    sentence = said(capsys)
    assert f"{count(len(once))} de {count(everything)} linhas podem ser usadas" in sentence
    assert f"{count(everything - len(once))} linhas de arquivos mais antigos são contadas uma vez só" in sentence
    joined = table(out)
    assert len(joined) == everything  # no row vanishes: what is told again is marked
    counted = joined[joined["Situação na junção"] == ""]
    assert counted[STATUS].value_counts().to_dict() == once[STATUS].value_counts().to_dict()


def test_a_comparison_tells_what_is_new_and_what_became_known(
    clinic: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["compare", "no_show", str(clinic.files[1]), str(clinic.files[2])]) == 0
    before, after = clinic.rows[1], clinic.rows[2]
    key = [c for c in before.columns if c not in (STATUS, CALLED_OFF_ON, "day", "booked")]
    both = after.merge(before, on=key, suffixes=("", "_before"))
    changed = both[both[STATUS] != both[f"{STATUS}_before"]]
    known = changed[STATUS].isin([MISSED, CAME]).sum()
    sentence = said(capsys)
    assert f"{count(len(after) - len(both))} novos" in sentence and f"{count(len(changed))} com algo mudado" in sentence
    assert f"{count(known)} resultados passaram a ser conhecidos" in sentence


def test_the_model_was_tested_on_the_rows_with_an_outcome(desk: Desk, clinic: Clinic) -> None:
    metrics = json.loads((desk.folder / f"{clinic.name}.json").read_text("utf-8"))
    first, last = metrics["test"]["period"]
    rows = clinic.rows[0]
    tested = rows[rows["day"].between(first, last) & rows[STATUS].isin([MISSED, CAME])]
    assert (metrics["test"]["rows"], metrics["test"]["events"]) == (len(tested), (tested[STATUS] == MISSED).sum())
    assert last == rows["day"].max().date().isoformat()


def test_a_score_of_the_clinics_own_is_silent_and_adds_up(
    desk: Desk, clinic: Clinic, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, rows = tmp_path / "lista.csv", clinic.rows[1]
    command = [
        "score",
        str(clinic.files[1]),
        "--model",
        desk.model(clinic),
        "--history",
        str(clinic.files[0]),
        "--out",
        str(out),
    ]
    assert cli.run(command) == 0
    scored, sentence = table(out), said(capsys)
    risk = pd.to_numeric(scored["risco"].str.replace(",", "."))
    wanted = rows[STATUS].isin([MISSED, CAME, PENDING]).to_numpy()
    assert len(scored) == len(rows) and (risk.notna() == wanted).all()
    assert f"{count(wanted.sum())} de {count(len(rows))} linhas com risco, lista de 19/09/2026" in sentence
    assert f"faltas esperadas: {risk.sum():.1f}".replace(".", ",") in sentence
    assert "outra clínica" not in sentence and "aprendeu" not in sentence


def test_another_clinics_model_and_history_are_said(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own, foreign = tmp_path / "own.csv", tmp_path / "foreign.csv"
    target, model = str(desk.sul.files[1]), desk.model(desk.norte)
    mapping = tmp_path / "receita.json"
    mapping.write_text(json.dumps({"unit": OTHER_HEADERS[UNIT]}), encoding="utf-8")
    assert cli.run(["score", target, "--model", model, "--out", str(own), "--mapping", str(mapping)]) == 0
    unknown = said(capsys)
    assert "não conhece" in unknown or "outra clínica" in unknown or "aprendeu" in unknown, unknown
    history = ["--history", str(desk.norte.files[0])]
    assert cli.run(["score", target, "--model", model, "--out", str(foreign), "--mapping", str(mapping), *history]) == 0
    assert "O histórico parece ser de outra clínica" in said(capsys)
    assert own.read_bytes() == foreign.read_bytes()  # it is said, and it is not used
