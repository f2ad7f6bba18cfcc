"""The command `calls`: a list of a file, whoever was reached left alone, in columns by which outcomes come back."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from pipeline.cli import run


@pytest.fixture
def given(missed_home: tuple[Path, Path], tmp_path: Path) -> tuple[str, str]:
    """A file of appointments to come, and a model."""
    samples, home = missed_home
    (bundle,) = (home / "models").glob("*.zip")
    shutil.copy(bundle, tmp_path / "m.zip")
    return str(samples / "no_show_futuro.csv"), str(tmp_path / "m.zip")


def test_calls_makes_a_list_that_comes_back(
    given: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, model = given
    out, again = tmp_path / "lista.csv", tmp_path / "outra.csv"
    command = ["calls", source, "--model", model, "--capacity", "15", "--days", "9", "--out"]
    assert run([*command, str(out)]) == 0
    assert "15 pacientes a contatar" in capsys.readouterr().err.replace("\u00a0", " ")
    made = pd.read_csv(out, sep=";", dtype=str, encoding="utf-8-sig", keep_default_na=False)
    assert made["ordem"].nunique() == 15 and set(made["grupo"]) == {"contato"} and made["evento"].is_unique
    assert {"circunstancia_1", "resultado", "contatado_em", "parte_controle"} <= set(made) and "motivo_1" not in made
    last = len(made) - 1
    made.loc[0, "resultado"], made.loc[last, "resultado"] = "confirmou", "não atendeu"
    made.to_csv(tmp_path / "retorno.csv", sep=";", index=False)
    assert run([*command, str(again), "--contacts", str(tmp_path / "retorno.csv")]) == 0
    second = pd.read_csv(again, sep=";", dtype=str, encoding="utf-8-sig", keep_default_na=False)
    assert made["evento"][0] not in set(second["evento"]) and made["evento"][last] in set(second["evento"])
    assert "2 contatos anteriores." in capsys.readouterr().err.replace("\u00a0", " ")


def test_calls_refuses_what_makes_no_list(
    given: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, model = given
    command = ["calls", source, "--model", model, "--capacity", "5", "--out"]
    assert run([*command, str(tmp_path / "x.pdf")]) == 64
    assert run([*command, str(tmp_path / "x.csv"), "--date", "01/01/2031"]) == 1
    assert "ninguém a ligar" in capsys.readouterr().err.replace("\u00a0", " ")


def test_calls_says_that_the_model_learnt_from_these_very_days(
    given: tuple[str, str], missed_home: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    past = next(path for path in sorted(missed_home[0].glob("no_show*.csv")) if "futuro" not in path.name)
    command = ["calls", str(past), "--model", given[1], "--capacity", "5", "--out", str(tmp_path / "x.csv")]
    assert run(command) == 1
    told = capsys.readouterr().err
    assert (
        "já aprendeu com os dias deste arquivo que têm resultado" in told and "Envie a agenda dos dias por vir" in told
    )


def test_calls_says_what_was_not_used_of_the_file_and_of_its_history(
    given: tuple[str, str], missed_home: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["--model", given[1], "--capacity", "5", "--days", "9", "--out", str(tmp_path / "x.csv")]
    told: dict[bool, str] = {}
    for spoilt in (False, True):
        rows, past = (
            booked_afterwards(Path(source), tmp_path, count if spoilt else 0)
            for source, count in ((given[0], 2), (missed_home[0] / "no_show_passado.csv", 1))
        )
        assert run(["calls", str(rows), *command, "--history", str(past)]) == 0
        told[spoilt] = capsys.readouterr().err.replace("\u00a0", " ")
    assert "2 linhas sem risco: Não foi usada: Agendamento antes do contato." in told[True]
    assert "Do histórico, 1 linha não foi usada: agendamento antes do contato." in told[True]
    assert "Não foi usada" not in told[False] and "Do histórico" not in told[False]


def booked_afterwards(source: Path, folder: Path, count: int) -> Path:
    """A copy of a file whose first rows were booked after their day."""
    rows = pd.read_csv(source, sep=";", dtype=str, encoding="utf-8-sig", keep_default_na=False)
    rows.loc[: count - 1, "Data de contato"] = "01/12/2026"
    rows.to_csv(folder / source.name, sep=";", index=False, encoding="utf-8-sig")
    return folder / source.name
