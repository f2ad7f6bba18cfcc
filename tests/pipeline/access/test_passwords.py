"""Which passwords are refused, and that only the right one opens."""

from __future__ import annotations

import argon2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.access import passwords
from pipeline.errors import PresencaError

GOOD = "cavalo bateria grampo"


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("curta", "password.short"),
        ("a" * 257, "password.long"),
        ("aaaaaaaaaaaaaa", "password.common"),
        ("123456789012345", "password.common"),
        ("SenhaSenha2026!", "password.common"),
        ("abcdefghijklmnop", "password.common"),
        ("ana.souza.2026", "password.own_name"),
        ("AnaSouza123456", "password.own_name"),
    ],
)
def test_a_weak_password_is_refused(password: str, code: str) -> None:
    with pytest.raises(PresencaError) as caught:
        passwords.refuse_weak(password, "ana.souza", "Ana Souza")
    assert caught.value.note.code == code


@pytest.mark.parametrize("password", [GOOD, "xK9#mQ2$vL7p", "çãé ô üñ ß øæ å"])
def test_a_good_password_is_taken(password: str) -> None:
    passwords.refuse_weak(password, "ana.souza", "Ana Souza")


def test_only_the_right_password_opens_and_nobody_has_none() -> None:
    kept = passwords.hashed(GOOD)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$") and GOOD not in kept
    assert passwords.matches(kept, GOOD) and not passwords.matches(kept, GOOD + " ")
    assert not passwords.matches("", "nobody has this password: it is not typed anywhere")
    assert not passwords.matches("not a hash", GOOD) and not passwords.matches(kept, "x" * 100_000)
    assert passwords.matches(passwords.hashed("senha de teste é"), "senha de teste e\u0301")  # composed or not


def test_a_hash_of_other_parameters_is_made_anew() -> None:
    weak = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(GOOD)
    assert passwords.matches(weak, GOOD) and passwords.outdated(weak)
    assert not passwords.outdated(passwords.hashed(GOOD))


@given(st.text(max_size=300), st.text(max_size=40))
def test_no_text_breaks_the_check(password: str, login: str) -> None:
    try:
        passwords.refuse_weak(password, login)
    except PresencaError as error:
        assert error.note.code.startswith("password.")
    else:
        assert passwords.SHORTEST <= len(passwords.folded(password)) <= passwords.LONGEST
