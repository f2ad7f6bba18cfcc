"""The command effect: a file with outcomes, a file of contacts, and what is said of both."""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline.action.effects import control
from pipeline.cli import run
from pipeline.ingestion.event_id import EVENT_ID
from pipeline.services.data.loading import load
from tests.conftest import ROOT

SAMPLE = ROOT / "data_samples" / "no_show_passado.csv"
ROWS = 1200
pytestmark = pytest.mark.usefixtures("asked_once")


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The end of the ready sample."""
    lines = SAMPLE.read_bytes().splitlines(keepends=True)
    path = tmp_path_factory.mktemp("effect") / "past.csv"
    path.write_bytes(b"".join([lines[0], *lines[-ROWS:]]))
    return path


@pytest.fixture(scope="module")
def rows(past: Path) -> pd.DataFrame:
    return load("no_show", past).rows


@pytest.fixture(scope="module")
def contacts(rows: pd.DataFrame) -> pd.DataFrame:
    """A list of a fifth in control, of which nobody was called: its effect is none."""
    risk = np.random.default_rng(1).random(len(rows))
    is_control, _ = control.control(rows["patient_id"].astype(str).tolist(), risk, 0.2, 3)
    return pd.DataFrame(
        {
            "Evento": [f"{key:016x}" for key in rows[EVENT_ID]],
            "Paciente": rows["patient_id"].astype(str).to_numpy(),
            "Data": rows["scheduled_date"].dt.strftime("%d/%m/%Y").to_numpy(),
            "Grupo": np.where(is_control, "Controle", "contato"),
            "Canal": "ligação",
            "Resultado": np.where(is_control, "", "não atendeu"),
            "contatado_em": "20/03/2026 10:00",
            "Risco": [f"{one:.3f}".replace(".", ",") for one in risk],
            "Valor": "R$ 1.250,00",
        }
    )


def effect(folder: Path, past: Path, contacts: pd.DataFrame) -> tuple[int, dict[str, Any]]:
    contacts.to_csv(folder / "c.csv", sep=";", index=False, encoding="utf-8-sig")
    code = run(["effect", str(past), "--contacts", str(folder / "c.csv"), "--json", str(folder / "e.json")])
    told = folder / "e.json"
    return code, json.loads(told.read_text("utf-8")) if told.exists() else {}


def test_ways_that_a_file_names_are_held_against_the_first(
    tmp_path: Path, past: Path, contacts: pd.DataFrame, capsys: pytest.CaptureFixture[str]
) -> None:
    reached = contacts["Grupo"] == "contato"
    way = np.where(contacts["Paciente"].map(lambda text: zlib.crc32(text.encode()) % 2 == 0), "texto A", "texto B")
    code, found = effect(tmp_path, past, contacts.assign(Forma=np.where(reached, way, "texto B")))
    (arms,) = found["arms"]
    (other,) = arms["others"]
    assert code == 0 and arms["kind"] == "told" and {arms["first"], other["arm"]} == {"texto A", "texto B"}
    assert other["contact"]["appointments"] + other["control"]["appointments"] == int(reached.sum())
    assert other["difference"]["low"] < 0 < other["difference"]["high"] and other["told"] == ""
    assert "não se vê diferença além do acaso" in capsys.readouterr().out
    _, many = effect(tmp_path, past, contacts.assign(Forma=[f"forma {n}" for n in range(len(contacts))]))
    assert many["arms"] == []


def test_nobody_called_is_no_effect_in_words_and_in_json(
    tmp_path: Path, past: Path, contacts: pd.DataFrame, capsys: pytest.CaptureFixture[str]
) -> None:
    noted = contacts.assign(Resultado=contacts["Resultado"].where(contacts.index != 0, "falou com a Zuleica"))
    noted.loc[0, "Grupo"] = "contato"
    noted.loc[noted["Paciente"] == noted.loc[0, "Paciente"], "Grupo"] = "contato"
    code, found = effect(tmp_path, past, noted)
    said = capsys.readouterr().out.replace("\u00a0", " ")
    assert code == 0 and found["verdict"] == "unclear"
    assert "a diferença cabe no acaso" in said and "no grupo de controle" in said and "R$" in said
    assert found["contacts"] == {"matched": len(contacts), "unmatched": 0, "without_arm": 0, "conflicting": 0}
    assert found["contact"]["appointments"] + found["control"]["appointments"] == len(contacts)
    assert found["difference"]["low"] < 0 < found["difference"]["high"]
    assert found["recovered"]["value"] == pytest.approx(1250 * found["avoided"]["value"])
    assert [one["group"] for one in found["groups"]["quarter"]] == ["1", "2", "3", "4"]
    order = found["order"]
    assert order["why_not"] is None and order["qini"]["value"]["low"] < 0 < order["qini"]["value"]["high"]
    assert order["gap"]["low"] < order["gap"]["high"] and "medida de Qini" in said and found["arms"] == []
    assert (
        "não atendeu" in said
        and "outro 1" in said
        and "Zuleica" not in said
        and found["late_cancelled"]["contact"]["events"] == 0
    )
    patients = contacts["Paciente"].unique()
    assert not any(patient in said for patient in patients)


def test_lines_by_patient_and_day_are_matched_and_what_is_odd_is_counted(
    tmp_path: Path, past: Path, contacts: pd.DataFrame
) -> None:
    by_day = contacts.drop(columns=["Evento", "Risco", "Valor"])
    strange = by_day.head(3).assign(Paciente="ninguém")
    armless = by_day.iloc[[3, 4]].assign(Grupo="talvez")
    both = by_day.iloc[[5]].assign(Grupo=["contato" if by_day.iloc[5]["Grupo"] == "Controle" else "controle"])
    code, found = effect(tmp_path, past, pd.concat([by_day, strange, armless, both]))
    assert code == 0 and found["contacts"]["unmatched"] == 3 and found["contacts"]["without_arm"] == 2
    assert found["contacts"]["conflicting"] >= 1 and "quarter" not in found["groups"]
    assert found["contacts"]["matched"] + found["contacts"]["conflicting"] == len(contacts)


def test_without_a_control_group_it_says_why_a_before_and_after_misleads(
    tmp_path: Path, past: Path, contacts: pd.DataFrame, capsys: pytest.CaptureFixture[str]
) -> None:
    code, found = effect(tmp_path, past, contacts.assign(Grupo="contato"))
    said = capsys.readouterr().out
    assert code == 0 and found["verdict"] == "unknown" and found["difference"] is None
    assert "Comparar com o mês passado engana" in said and "0%" in said


@pytest.mark.parametrize(
    ("left", "word"), [(["Canal"], "evento"), (["Evento", "Canal"], "grupo"), (["Evento", "Grupo"], "Nenhuma linha")]
)
def test_a_file_that_tells_nothing_is_refused(
    left: list[str], word: str, tmp_path: Path, past: Path, contacts: pd.DataFrame, capsys: pytest.CaptureFixture[str]
) -> None:
    strange = contacts[left].assign(**({"Evento": "00000000000000ff"} if "Grupo" in left else {}))
    code, _ = effect(tmp_path, past, strange)
    assert code == 1 and word in capsys.readouterr().err
