"""`people` at the command line: a password from what comes in, a link on stdout, honest exit codes."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from pipeline import services
from pipeline.cli import run
from pipeline.records import Role
from pipeline.services.people import entering

GOOD = "cavalo bateria grampo"


@pytest.fixture(autouse=True)
def _typed(workspace_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(GOOD + "\n"))


def _ana() -> int:
    return run(["people", "add", "Ana", "--name", "Ana Souza", "--role", "admin", "--password"])


def test_the_first_person_comes_in_with_the_password_that_was_typed(capsys: pytest.CaptureFixture[str]) -> None:
    assert _ana() == 0
    workspace = services.open_workspace()
    assert entering.log_in(workspace, "ana", GOOD).user.role is Role.ADMIN
    told = capsys.readouterr()
    assert GOOD not in told.out + told.err and "Ana Souza entra como ana" in told.err
    assert run(["people", "list"]) == 0
    assert capsys.readouterr().out.split("\t")[:4] == ["ana", "Ana Souza", "admin", "entra com senha"]


def test_an_invitation_goes_to_stdout_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert _ana() == 0
    capsys.readouterr()
    made = [
        "people",
        "add",
        "bia",
        "--name",
        "Bia",
        "--role",
        "leitor",
        "--unit",
        "Norte",
        "--url",
        "https://p.example/",
    ]
    assert run(made) == 0
    first = capsys.readouterr().out.strip()
    assert run(["people", "invite", "bia"]) == 0
    second = capsys.readouterr().out.strip()
    assert first.startswith("https://p.example/convite/") and second.startswith("http://127.0.0.1:8501/convite/")
    workspace = services.open_workspace()
    user = entering.accept(workspace, second.rpartition("/")[2], GOOD).user
    assert (user.role, user.units) == (Role.READER, ("Norte",))


def test_a_role_changes_and_a_person_goes_and_comes_back(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _ana() == 0 and run(["people", "add", "bia", "--name", "Bia", "--role", "leitor"]) == 0
    assert run(["people", "role", "bia", "atendente", "--unit", "Sul"]) == 0
    assert run(["people", "remove", "bia"]) == 0
    workspace = services.open_workspace()
    bia = workspace.user_of_login("bia")
    assert bia is not None and (bia.role, bia.units, bia.active) == (Role.ATTENDANT, ("Sul",), False)
    assert run(["people", "restore", "bia"]) == 0
    monkeypatch.setattr(sys, "stdin", io.StringIO("outra frase comprida\n"))
    assert run(["people", "password", "bia"]) == 0
    assert entering.log_in(workspace, "bia", "outra frase comprida").user.id == bia.id


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["add", "bia", "--name", "Bia", "--role", "leitor"], 1, "precisa ser admin"),
        (["add", "bia", "--name", "Bia", "--role", "chefe"], 64, "--role"),
        (["remove", "ninguem"], 1, "Ninguém tem o nome de acesso"),
        (["role", "ana", "leitor"], 1, "última pessoa"),
        (["remove", "ana"], 1, "última pessoa"),
        (["invite", "com espaço"], 1, "nome de acesso precisa"),
    ],
)
def test_what_can_not_be_done_is_a_sentence(
    arguments: list[str], code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if code == 1 and arguments[0] != "add":
        assert _ana() == 0
    assert run(["people", *arguments]) == code
    assert words in capsys.readouterr().err.replace("\u00a0", " ")


def test_a_weak_password_is_refused_and_the_person_stays_without(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("curta\n"))
    assert _ana() == 1
    told = capsys.readouterr().err
    assert "12 caracteres" in told.replace("\u00a0", " ") and "python -m pipeline people password ana" in told
    assert not services.open_workspace().users()[0].has_password


def test_who_comes_by_the_provider_needs_no_link(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _ana() == 0
    bia = ["people", "add", "bia@clinica.example", "--name", "Bia", "--role", "leitor", "--provider"]
    assert run([*bia, "--password"]) == 64 and run(bia) == 0
    told = capsys.readouterr()
    assert "Bia entra como bia@clinica.example" in told.err and not told.out
    named = {"ISSUER": "https://login.example", "CLIENT_ID": "presenca", "NAME": "Hospital", "ONLY": "1"}
    for name, value in named.items():
        monkeypatch.setenv(f"PRESENCA_OIDC_{name}", value)
    assert run(["people", "list"]) == 0 and "entra por Hospital" in capsys.readouterr().out
    assert run(["people", "invite", "bia@clinica.example"]) != 0
    assert run(["people", "add", "caio", "--name", "Caio", "--role", "leitor"]) != 0
    assert "todos entram pelo provedor" in capsys.readouterr().err
    assert {user.login for user in services.open_workspace().users()} == {"ana", "bia@clinica.example"}
    assert run(["people", "remove", "bia@clinica.example"]) == 0
    assert run(["people", "restore", "bia@clinica.example"]) == 0 and not capsys.readouterr().out
