"""Coming in, going out, inviting and removing: what holds, what ends, and what is never said or kept."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.access import lockout, logins, passwords
from pipeline.errors import PresencaError, WorkspaceError
from pipeline.records import Permission, Role, User
from pipeline.services import Actor, Session
from pipeline.services.data import datasets
from pipeline.services.data.placing import Into
from pipeline.services.people import entering, persons
from pipeline.workspace.audit import entries
from pipeline.workspace.store import Workspace
from tests.refusals import refused, told

GOOD, OTHER = "cavalo bateria grampo", "outra frase bem comprida"


@pytest.fixture(autouse=True)
def _fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id as it is, with parameters of a test; the real ones are tested with the passwords themselves."""
    quick = passwords.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", quick)
    monkeypatch.setattr(passwords, "_NOBODY", [])


@pytest.fixture
def house(workspace_home: Path) -> Workspace:
    return Workspace()


@pytest.fixture
def ana(house: Workspace) -> User:
    """An admin with the password GOOD."""
    return persons.begin(house, "Ana", "Ana Souza", GOOD)


def _as(house: Workspace, user: User) -> Session:
    return Session(house, user=house.user(user.id))


def _invited(house: Workspace, ana: User, role: Role = Role.READER, login: str = "bia") -> tuple[User, str]:
    made = persons.add_invited(_as(house, ana), login, "Bia Lima", role)
    return made.user, made.token


def _clock(patch: pytest.MonkeyPatch, seconds: float) -> None:
    now = time.time()
    patch.setattr(entering.time, "time", lambda: now + seconds)


def test_the_first_person_is_an_admin_and_shuts_the_gate(house: Workspace) -> None:
    assert entering.is_open(house)
    with refused(PresencaError, match="precisa ser admin"):
        persons.add(house, "bia", "Bia", Role.READER)
    with refused(PresencaError, match="12 caracteres"):
        persons.begin(house, "ana", "Ana", "curta")
    assert entering.is_open(house)
    user = persons.begin(house, " Ánã ", "Ana  Souza\n", GOOD)
    assert (user.login, user.name, user.role, user.has_password) == ("ana", "Ana Souza", Role.ADMIN, True)
    assert not entering.is_open(house)
    with refused(PresencaError, match="não tem permissão"):  # whoever sat here alone logs in too
        persons.listed(house)


def test_a_right_password_opens_and_a_wrong_name_says_the_same_as_a_wrong_password(house: Workspace, ana: User) -> None:
    entered = entering.log_in(house, "ANA", GOOD)
    inside = entering.inside(house, entered.token)
    assert inside is not None and inside.session.user == house.user(ana.id) and inside.session.who == ana.id
    said = set()
    for login, password in (("ana", "errada"), ("ninguem", GOOD), ("", ""), ("a b\n", GOOD), ("x" * 500, GOOD)):
        with pytest.raises(PresencaError) as caught:
            entering.log_in(house, login, password, address="10.0.0.1")
        said.add(told(caught.value))
    assert len(said) == 1


def test_of_a_token_only_its_hash_is_kept_and_of_a_password_only_argon2(house: Workspace, ana: User) -> None:
    token = entering.log_in(house, "ana", GOOD, address="203.0.113.9").token
    with pytest.raises(PresencaError):
        entering.log_in(house, "nome-digitado-errado", GOOD, address="203.0.113.9")
    held = b"".join(path.read_bytes() for path in house.home.rglob("*") if path.is_file())
    assert logins.digest(token).encode() in held and b"$argon2id$" in held
    for secret in (token, GOOD, "203.0.113.9", "nome-digitado-errado"):
        assert secret.encode() not in held


def test_many_wrong_tries_wait_and_the_right_password_waits_too(
    house: Workspace, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(lockout.FREE_TRIES):
        with refused(PresencaError, match="não conferem"):
            entering.log_in(house, "ana", "errada")
    with refused(PresencaError, match="Espere 30 segundos"):
        entering.log_in(house, "ana", GOOD)
    _clock(monkeypatch, lockout.FIRST_WAIT + 1)
    assert entering.log_in(house, "ana", GOOD).user.id == ana.id
    assert entering.log_in(house, "ana", GOOD).user.id == ana.id  # a success starts anew


def test_tries_at_once_are_counted_before_they_are_judged(house: Workspace, ana: User) -> None:
    waits: list[str] = []

    def attempt() -> None:
        try:
            entering.log_in(house, "ana", "errada")
        except PresencaError as error:
            waits.append(error.note.code)

    threads = [threading.Thread(target=attempt) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert waits.count("login.refused") == lockout.FREE_TRIES and waits.count("login.wait") == 15


def test_an_address_that_tries_many_names_waits(house: Workspace, ana: User) -> None:
    for number in range(lockout.FREE_TRIES_ADDRESS):
        with refused(PresencaError, match="não conferem"):
            entering.log_in(house, f"nome{number}", GOOD, address="10.0.0.1")
    with refused(PresencaError, match="Espere"):
        entering.log_in(house, "ana", GOOD, address="10.0.0.1")
    assert entering.log_in(house, "ana", GOOD, address="10.0.0.2").user.id == ana.id


@pytest.mark.parametrize(("seconds", "steps", "there"), [(3500, 1, True), (3700, 1, False), (3000, 15, False)])
def test_a_login_ends_when_idle_and_at_the_end_of_a_day(
    house: Workspace, ana: User, monkeypatch: pytest.MonkeyPatch, seconds: float, steps: int, there: bool
) -> None:
    token = entering.log_in(house, "ana", GOOD).token
    for step in range(1, steps + 1):
        with monkeypatch.context() as patch:
            _clock(patch, seconds * step)
            found = entering.inside(house, token)
    assert (found is not None) is there
    assert (entering.inside(house, token) is not None) is there  # what ended is gone, whatever the clock says later


def test_a_full_disk_throws_nobody_out(house: Workspace, ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise WorkspaceError("records.disk_full")

    token = entering.log_in(house, "ana", GOOD).token
    _clock(monkeypatch, 120)
    monkeypatch.setattr(Workspace, "seen_login", full)
    assert entering.inside(house, token) is not None


def test_going_out_ends_the_login_for_whoever_copied_the_cookie(house: Workspace, ana: User) -> None:
    token = entering.log_in(house, "ana", GOOD).token
    entering.log_out(house, token)
    entering.log_out(house, token)
    assert entering.inside(house, token) is None and entering.inside(house, "x") is None


def test_an_invitation_serves_once_and_gives_what_it_promised(house: Workspace, ana: User) -> None:
    bia, link = _invited(house, ana)
    with refused(PresencaError, match="12 caracteres"):
        entering.accept(house, link, "curta")
    entered = entering.accept(house, link, OTHER)
    assert entered.user.id == bia.id and entering.log_in(house, "bia", OTHER).user.role is Role.READER
    with refused(PresencaError, match="não vale mais"):
        entering.accept(house, link, GOOD)
    with refused(PresencaError, match="não vale mais"):
        entering.invited(house, logins.new_token())


def test_an_invitation_ends_after_a_week_and_with_the_next_one(
    house: Workspace, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    bia, first = _invited(house, ana)
    second = persons.invite(_as(house, ana), bia.id).token
    with refused(PresencaError, match="não vale mais"):
        entering.invited(house, first)
    assert entering.invited(house, second).id == bia.id
    _clock(monkeypatch, logins.INVITATION + 60)
    with refused(PresencaError, match="não vale mais"):
        entering.accept(house, second, OTHER)


def test_guessing_invitations_waits(house: Workspace, ana: User) -> None:
    for _ in range(lockout.FREE_TRIES_ADDRESS):
        with refused(PresencaError, match="não vale mais"):
            entering.invited(house, logins.new_token(), "10.0.0.1")
    with refused(PresencaError, match="Espere"):
        entering.invited(house, logins.new_token(), "10.0.0.1")


def test_a_new_password_ends_the_other_logins_and_asks_for_the_old_one(house: Workspace, ana: User) -> None:
    here, elsewhere = entering.log_in(house, "ana", GOOD).token, entering.log_in(house, "ana", GOOD).token
    session = _as(house, ana)
    with refused(PresencaError, match="não confere"):
        entering.change_password(session, "errada", OTHER, here)
    with refused(PresencaError, match="12 caracteres"):
        entering.change_password(session, GOOD, "curta", here)
    entering.change_password(session, GOOD, OTHER, here)
    assert entering.inside(house, here) is not None and entering.inside(house, elsewhere) is None
    with refused(PresencaError, match="não conferem"):
        entering.log_in(house, "ana", GOOD)


def test_whoever_is_removed_is_out_at_once_and_comes_back_by_invitation_alone(house: Workspace, ana: User) -> None:
    bia, link = _invited(house, ana)
    token = entering.accept(house, link, OTHER).token
    persons.remove(_as(house, ana), bia.id)
    assert entering.inside(house, token) is None
    with refused(PresencaError, match="não conferem"):
        entering.log_in(house, "bia", OTHER)
    with refused(PresencaError, match="foi retirada"):
        persons.invite(_as(house, ana), bia.id)
    persons.restore(_as(house, ana), bia.id)
    with refused(PresencaError, match="não conferem"):
        entering.log_in(house, "bia", OTHER)
    entering.accept(house, persons.invite(_as(house, ana), bia.id).token, GOOD)
    assert entering.log_in(house, "bia", GOOD).user.id == bia.id


@pytest.mark.parametrize("deed", [persons.remove, lambda s, i: persons.change(s, i, Role.READER)])
def test_the_last_admin_stays(house: Workspace, ana: User, deed: Callable[[Session, str], User]) -> None:
    with refused(WorkspaceError, match="última pessoa"):
        deed(_as(house, ana), ana.id)
    assert house.user(ana.id) == ana and entering.log_in(house, "ana", GOOD)
    other, _ = _invited(house, ana, Role.ADMIN)
    deed(_as(house, other), ana.id)
    assert [one.id for one in house.users() if one.active and one.role is Role.ADMIN] == [other.id]


def test_another_role_holds_from_the_next_request_on(house: Workspace, ana: User) -> None:
    bia, link = _invited(house, ana)
    token = entering.accept(house, link, OTHER).token
    persons.change(_as(house, ana), bia.id, Role.MANAGER, ["Unidade  Norte", "", "Unidade Norte"])
    inside = entering.inside(house, token)
    assert inside is not None and inside.session.user is not None
    assert inside.session.user.role is Role.MANAGER and inside.session.user.units == ("Unidade Norte",)


def test_only_an_admin_looks_after_people_and_the_log_names_who_did(house: Workspace, ana: User) -> None:
    bia, link = _invited(house, ana, Role.MANAGER)
    entering.accept(house, link, OTHER)
    with refused(PresencaError, match="não tem permissão"):
        persons.add(_as(house, bia), "eva", "Eva", Role.ADMIN)
    persons.hide_risk(_as(house, ana), [Role.ATTENDANT])
    eva = persons.add(Session(house, Actor.COMMAND_LINE), "eva", "Eva", Role.ATTENDANT)
    assert not _as(house, eva).may(Permission.SEE_RISK) and _as(house, bia).may(Permission.SEE_RISK)
    log = entries(house)
    assert [(e.action, e.facts["actor"]) for e in log[:2]] == [
        ("person_added", "command_line"),
        ("risk_hidden", ana.id),
    ]
    written = " ".join(str((e.action, e.facts)) for e in log)
    assert "Bia" not in written and "bia" not in written and "omitido" not in written


@pytest.mark.parametrize("login", ["", "a", "com espaço", "../x", "a\nb", "<b>", "x" * 81, "😀😀"])
def test_a_login_that_is_none_is_refused(house: Workspace, ana: User, login: str) -> None:
    with refused(PresencaError, match="nome de acesso"):
        persons.add(_as(house, ana), login, "Nome", Role.READER)


def test_a_login_belongs_to_one_person(house: Workspace, ana: User) -> None:
    with refused(WorkspaceError, match="já é de alguém"):
        persons.add(_as(house, ana), "ANA", "Outra", Role.READER)


def test_what_is_over_is_forgotten(house: Workspace, ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    token = entering.log_in(house, "ana", GOOD).token
    entering.sweep(house)
    assert entering.inside(house, token) is not None
    with monkeypatch.context() as patch:
        _clock(patch, logins.LONGEST + 1)
        entering.sweep(house)
    assert house.login_of(logins.digest(token)) is None


def test_units_are_suggested_from_the_files_and_an_admin_has_none(house: Workspace) -> None:
    sheet = "Id do paciente;Data de contato;Data do agendamento;Status;Unidade\n"
    names = ("Centro", "Água Fria", "CENTRO")
    lines = [f"{n};01/05/2026;11/05/2026;Agendado;{names[n % 3]}" for n in range(40)]
    datasets.keep(Session(house), "no_show", (sheet + "\n".join(lines)).encode(), "agenda.csv", into=Into(name="A"))
    for _ in range(2):
        assert persons.known_units(Session(house)) == ("Água Fria", "Centro")
    with pytest.raises(PresencaError) as caught:
        persons.add(Session(house), "ana", "Ana", Role.ADMIN, ("Centro",))
    assert caught.value.note.code == "people.admin_of_units"
