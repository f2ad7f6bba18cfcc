"""What a token and a set of keys may be made of: our keys alone, and a refusal for all else."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

from pipeline.access.oidc import id_token
from pipeline.access.oidc.id_token import Expected, checked, key_id, key_set, login_of
from pipeline.access.oidc.settings import Settings
from pipeline.errors import PresencaError

KEY = ECKey.generate_key("P-256", {"kid": "one", "alg": "ES256"})
KEYS = KeySet([KEY])
EXPECTED = Expected("https://i.example", "presenca", "n", frozenset({"ES256"}))
NOW = time.time()
CLAIMS = {"iss": "https://i.example", "aud": "presenca", "sub": "7", "iat": NOW, "exp": NOW + 300, "nonce": "n"}
GOOD = jwt.encode({"alg": "ES256", "kid": "one"}, dict(CLAIMS), KEY, algorithms=["ES256"])


def test_the_claims_of_a_good_token() -> None:
    assert checked(GOOD, KEYS, EXPECTED, NOW) == CLAIMS and key_id(GOOD) == "one"


@given(st.integers(0, len(GOOD) - 3), st.sampled_from("Aa0-_.{é "))
def test_a_token_with_another_letter_is_refused(place: int, letter: str) -> None:
    if GOOD[place] == letter:
        return
    with pytest.raises(PresencaError, match=r"oidc\.refused"):
        key_id(GOOD[:place] + letter + GOOD[place + 1 :])
        checked(GOOD[:place] + letter + GOOD[place + 1 :], KEYS, EXPECTED, NOW)


@given(st.one_of(st.text(), st.text(alphabet="eyJ0.=_-A"), st.none(), st.integers(), st.lists(st.text())))
def test_what_is_no_token_is_refused_and_nothing_else_is_raised(token: Any) -> None:
    with pytest.raises(PresencaError, match=r"oidc\.refused"):
        key_id(token)
        checked(token, KEYS, EXPECTED, NOW)


def test_the_algorithms_are_the_providers_and_ours_never_none_at_all() -> None:
    for told in ({"HS256", "none"}, set(), {"RS256"}):
        expected = Expected("https://i.example", "presenca", "n", frozenset(told))
        with pytest.raises(PresencaError, match=r"oidc\.refused"):
            checked(GOOD, KEYS, expected, NOW)
    with pytest.raises(PresencaError, match="keys"):
        checked(GOOD, KeySet([]), EXPECTED, NOW)
    assert not [name for name in id_token.ALGORITHMS if name.startswith(("HS", "none"))]


@pytest.mark.filterwarnings("ignore:Key size")
def test_of_a_set_only_public_keys_that_sign_are_taken() -> None:
    rsa = RSAKey.generate_key(2048, {"kid": "rsa"})
    told = [
        KEY.as_dict(private=True),
        rsa.as_dict(private=False),
        OctKey.generate_key(256, {"kid": "shared"}).as_dict(),
        RSAKey.generate_key(1024, {"kid": "weak"}).as_dict(private=False),
        rsa.as_dict(private=False) | {"kid": "enc", "use": "enc"},
        {"kty": "EC", "crv": "P-256", "kid": "broken"},
        {"kty": "new", "kid": "unknown"},
        {"kid": "nothing"},
        "words",
        None,
        ["list"],
    ]
    found = key_set({"keys": told})
    assert [key.kid for key in found] == ["one", "rsa"] and not any(key.is_private for key in found)
    assert not key_set({}) and not key_set({"keys": "x"})


def test_a_letter_that_only_looks_like_ours_is_another() -> None:
    vouched = {"email_verified": True}
    settings = Settings("https://i.example", "presenca")
    assert login_of(vouched | {"email": "Karla@clinica.example"}, settings) == "karla@clinica.example"
    kelvin = "\N{KELVIN SIGN}arla@clinica.example"  # whose small letter is our k
    assert kelvin.lower() == "karla@clinica.example"
    with pytest.raises(PresencaError, match=r"oidc\.unknown"):
        login_of(vouched | {"email": kelvin}, settings)


@given(st.dictionaries(st.sampled_from(["email", "email_verified", "hd"]), st.one_of(st.text(), st.booleans())))
def test_a_login_is_what_was_vouched_for_in_plain_letters_or_a_refusal(claims: dict[str, Any]) -> None:
    try:
        login = login_of(claims, Settings("https://i.example", "presenca", required=("hd", "clinica.example")))
    except PresencaError as error:
        assert error.note.code.startswith("oidc.")
        return
    assert claims["email_verified"] is True and claims["hd"] == "clinica.example"
    assert login == claims["email"].lower() and login.isascii()
