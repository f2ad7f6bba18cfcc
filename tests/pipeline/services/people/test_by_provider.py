"""Coming in by the organisation's provider: who does, who does not, and what of it is never believed."""

from __future__ import annotations

import logging
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse

from pipeline.access import lockout, passwords
from pipeline.access.oidc import fetching, pending, settings
from pipeline.errors import PresencaError
from pipeline.records import Role, User
from pipeline.services import Session
from pipeline.services.people import by_provider, entering, persons
from pipeline.services.people.by_provider import Came
from pipeline.workspace.audit import entries
from pipeline.workspace.store import Workspace
from tests.conftest import ROOT
from tests.oidc_provider import CLIENT, SECRET, LocalProvider, running, shared, unsigned
from tests.refusals import refused

GOOD = "cavalo bateria grampo"
BASE, BACK = "http://127.0.0.1:8501", "/entrar/oidc/volta"
EMAIL = "bia@clinica.example"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    hasher = passwords.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", hasher)
    yield
    by_provider._provider.cache_clear()


@pytest.fixture(scope="module")
def _serving() -> Iterator[LocalProvider]:
    with running(LocalProvider()) as provider:
        yield provider


@pytest.fixture
def provider(_serving: LocalProvider, monkeypatch: pytest.MonkeyPatch) -> LocalProvider:
    """As it is on its first day."""
    fresh = LocalProvider(_serving.issuer)
    vars(_serving).update(vars(fresh))
    told = {settings.ISSUER: fresh.issuer, settings.CLIENT_ID: CLIENT, settings.SECRET: SECRET}
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    return _serving


@pytest.fixture
def house(workspace_home: Path) -> Workspace:
    return Workspace()


@pytest.fixture
def bia(house: Workspace) -> User:
    """Whom an admin added by e-mail, without a password."""
    admin = persons.begin(house, "ana", "Ana Souza", GOOD)
    return persons.add(Session(house, user=house.user(admin.id)), EMAIL, "Bia Lima", Role.READER)


def come(house: Workspace, provider: LocalProvider, way: str = "/voz", **more: str) -> Came:
    """All of the way, as a browser goes it; `more` joins what it comes back with."""
    begun = by_provider.begin(BASE, BACK, way)
    back = provider.authorized(begun.address)
    return by_provider.finish(house, dict(parse_qsl(urlsplit(back).query)) | more, begun.sealed, "10.0.0.7")


def test_a_person_who_was_added_comes_in_and_the_log_says_how(
    house: Workspace, bia: User, provider: LocalProvider
) -> None:
    came = come(house, provider)
    assert (came.entered.user.id, came.way) == (bia.id, "/voz")
    inside = entering.inside(house, came.entered.token)
    assert inside is not None and inside.session.user == house.user(bia.id)
    newest = entries(house)[0]
    assert newest.action == "login" and (newest.facts["person"], newest.facts["way"]) == (bia.id, "oidc")
    assert provider.asked == ["/.well-known/openid-configuration", "/token", "/jwks"]
    come(house, provider)
    assert provider.asked[3:] == ["/token"]  # what was asked once holds for a while
    persons.remove(Session(house, user=house.users()[0]), bia.id)
    assert entering.inside(house, came.entered.token) is None


def _claim(**changed: Any) -> Callable[[LocalProvider], None]:
    def change(provider: LocalProvider) -> None:
        provider.change = lambda claims: claims.update(changed)

    return change


def _less(name: str) -> Callable[[LocalProvider], None]:
    def change(provider: LocalProvider) -> None:
        provider.change = lambda claims: claims.pop(name)

    return change


def _hmac(provider: LocalProvider) -> None:
    """Signed with the public key, as if it were a secret that both share."""
    public = provider.key.as_pem(private=False)
    provider.sign = lambda claims: shared(claims, public)


def _other_key(provider: LocalProvider) -> None:
    other = ECKey.generate_key("P-256", {"kid": "one", "alg": "ES256"})
    provider.sign = lambda claims: jwt.encode({"alg": "ES256", "kid": "one"}, claims, other, algorithms=["ES256"])


def _unsigned(provider: LocalProvider) -> None:
    provider.sign = unsigned


def _garbage(text: str) -> Callable[[LocalProvider], None]:
    def change(provider: LocalProvider) -> None:
        provider.sign = lambda claims: text

    return change


def _small_rsa(provider: LocalProvider) -> None:
    provider.key = RSAKey.generate_key(1024, {"kid": "small", "alg": "RS256"})


LATER = int(time.time()) + 86_400
WRONG = {
    "nonce": _claim(nonce="another"),
    "no nonce": _less("nonce"),
    "audience": _claim(aud="another"),
    "audiences without azp": _claim(aud=[CLIENT, "another"]),
    "azp of another": _claim(aud=[CLIENT, "another"], azp="another"),
    "azp": _claim(azp="another"),
    "audience of another whom we asked": _claim(aud="another", azp=CLIENT),
    "no audience": _less("aud"),
    "issuer": _claim(iss="https://another.example"),
    "no issuer": _less("iss"),
    "no subject": _less("sub"),
    "expired": _claim(exp=int(time.time()) - 61),
    "never ends": _less("exp"),
    "ends at no number": _claim(exp=float("nan")),
    "ends in words": _claim(exp="2099"),
    "issued tomorrow": _claim(iat=LATER, exp=LATER + 300),
    "not yet": _claim(nbf=LATER),
    "never issued": _less("iat"),
    "access token of another": _claim(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
    "unsigned": _unsigned,
    "signed with the public key": _hmac,
    "signed by another key": _other_key,
    "small RSA key": _small_rsa,
    "no token": _garbage("x"),
    "empty": _garbage(""),
    "letters": _garbage("é.é.é"),
    "huge": _garbage("e30." + "A" * 300_000 + ".A"),
    "deep": _garbage("W1tb" * 20_000 + ".e30.A"),
}


@pytest.mark.filterwarnings("ignore:Key size")
def test_a_token_that_is_not_the_providers_word_for_this_login_lets_nobody_in(
    house: Workspace, bia: User, provider: LocalProvider
) -> None:
    assert len(WRONG) < lockout.FREE_TRIES_ADDRESS
    for name, wrong in WRONG.items():  # one house for all of them: making one takes longer than a login
        vars(provider).update(vars(LocalProvider(provider.issuer)))
        by_provider._provider.cache_clear()
        wrong(provider)
        said = ""
        try:
            come(house, provider)
        except PresencaError as error:
            said = error.note.code
        assert said == "oidc.refused", name
        assert entries(house)[0].action == "login_refused" and provider.asked.count("/jwks") <= 1, name


def test_clocks_may_be_a_minute_apart(house: Workspace, bia: User, provider: LocalProvider) -> None:
    now = int(time.time())
    provider.change = lambda claims: claims.update(exp=now - 30, iat=now + 30)
    assert come(house, provider).entered.user.id == bia.id


def test_rsa_serves_and_so_do_several_audiences_with_our_name(
    house: Workspace, bia: User, provider: LocalProvider
) -> None:
    provider.key = RSAKey.generate_key(2048, {"kid": "rsa", "alg": "RS256"})
    provider.change = lambda claims: claims.update(aud=["another", CLIENT], azp=CLIENT)
    assert come(house, provider).entered.user.id == bia.id


def test_keys_are_asked_again_for_one_that_is_not_known_and_for_nothing_else(
    house: Workspace, bia: User, provider: LocalProvider
) -> None:
    come(house, provider)
    provider.rotate()
    come(house, provider)
    assert provider.asked.count("/jwks") == 2
    _other_key(provider)  # under a name that is gone: asked for once more, and in vain
    with pytest.raises(PresencaError, match=r"oidc\.refused"):
        come(house, provider)
    assert provider.asked.count("/jwks") == 3
    provider.sign = lambda claims: jwt.encode(
        {"alg": "ES256", "kid": "two"}, claims, ECKey.generate_key("P-256"), algorithms=["ES256"]
    )
    with pytest.raises(PresencaError, match=r"oidc\.refused"):
        come(house, provider)
    assert provider.asked.count("/jwks") == 3


@pytest.mark.parametrize(
    ("person", "code"),
    [
        ({"email": EMAIL, "email_verified": False}, "oidc.unverified"),
        ({"email": EMAIL}, "oidc.unverified"),
        ({"email": EMAIL, "email_verified": "true"}, "oidc.unverified"),
        ({"email_verified": True}, "oidc.no_claim"),
        ({"email": [EMAIL], "email_verified": True}, "oidc.no_claim"),
        ({"email": "eva@clinica.example", "email_verified": True}, "oidc.unknown"),
        ({"email": "bía@clinica.example", "email_verified": True}, "oidc.unknown"),
        ({"email": "bia@clínica.example", "email_verified": True}, "oidc.unknown"),
        ({"email": "ｂia@clinica.example", "email_verified": True}, "oidc.unknown"),
        ({"email": " bia@clinica.example", "email_verified": True}, "oidc.unknown"),
    ],
)
def test_who_is_not_vouched_for_or_not_added_stays_out_and_is_not_made(
    house: Workspace, bia: User, provider: LocalProvider, person: dict[str, Any], code: str
) -> None:
    provider.person = person
    before = house.users()
    with pytest.raises(PresencaError, match=code):
        come(house, provider)
    assert house.users() == before and "clinica" not in str(entries(house)[0])


def test_capitals_of_an_address_are_no_other_person(house: Workspace, bia: User, provider: LocalProvider) -> None:
    provider.person = {"email": "Bia@Clinica.example", "email_verified": True}
    assert come(house, provider).entered.user.id == bia.id


def test_who_was_removed_is_told_so(house: Workspace, bia: User, provider: LocalProvider) -> None:
    persons.remove(Session(house, user=house.users()[0]), bia.id)
    with refused(PresencaError, match="foi retirado"):
        come(house, provider)
    newest = entries(house)[0]
    assert newest.action == "login_refused" and (newest.facts["person"], newest.facts["way"]) == (bia.id, "oidc")


def test_another_claim_and_a_required_one(
    house: Workspace, bia: User, provider: LocalProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(settings.CLAIM, "preferred_username")
    monkeypatch.setenv(settings.REQUIRE, "groups=presenca")
    provider.person = {"preferred_username": EMAIL, "groups": ["outros"]}
    with refused(PresencaError, match="não é das que entram"):
        come(house, provider)
    provider.person["groups"] = ["outros", "presenca"]
    assert come(house, provider).entered.user.id == bia.id
    assert "profile" in by_provider.begin(BASE, BACK, "/").address


def test_an_e_mail_that_stands_apart_from_the_token_is_fetched_of_the_same_person_only(
    house: Workspace, bia: User, provider: LocalProvider
) -> None:
    provider.person, provider.more = {}, {"email": EMAIL, "email_verified": True}
    assert come(house, provider).entered.user.id == bia.id
    provider.more["sub"] = "8"
    with pytest.raises(PresencaError, match=r"oidc\.refused"):
        come(house, provider)


def test_what_comes_back_must_be_what_this_browser_went_with_once(
    house: Workspace, bia: User, provider: LocalProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, other = (by_provider.begin(BASE, BACK, "/") for _ in range(2))
    told = dict(parse_qsl(urlsplit(provider.authorized(begun.address)).query))
    altered = begun.sealed[:-2] + ("aa" if begun.sealed[-2:] != "aa" else "bb")
    for query, sealed in [
        (told, ""),
        (told, other.sealed),
        (told, altered),
        (told, "é"),
        (told | {"state": told["state"] + "x"}, begun.sealed),
        ({"code": told["code"]}, begun.sealed),
    ]:
        with refused(PresencaError, match="não vale mais"):
            by_provider.finish(house, query, sealed)
    assert provider.asked.count("/token") == 0
    assert by_provider.finish(house, told, begun.sealed).entered.user.id == bia.id
    with refused(PresencaError, match="não vale mais"):  # the same once more
        by_provider.finish(house, told, begun.sealed)
    late = by_provider.begin(BASE, BACK, "/")
    back = dict(parse_qsl(urlsplit(provider.authorized(late.address)).query))
    now = time.time()
    monkeypatch.setattr(by_provider.time, "time", lambda: now + pending.LIFE + 2)
    with refused(PresencaError, match="10 minutos"):
        by_provider.finish(house, back, late.sealed)


def test_a_code_serves_once_and_only_who_asked_for_it(house: Workspace, bia: User, provider: LocalProvider) -> None:
    come(house, provider)
    with pytest.raises(PresencaError, match="invalid_grant"):
        come(house, provider, code="code-1")  # of the login before
    stolen = by_provider.begin(BASE, BACK, "/")
    provider.authorized(stolen.address)
    with pytest.raises(PresencaError, match="invalid_grant"):
        come(house, provider, code="code-3")  # its verifier is in another browser


def test_an_answer_that_says_another_issuer_or_an_error_is_refused(
    house: Workspace, bia: User, provider: LocalProvider
) -> None:
    with pytest.raises(PresencaError, match=r"oidc\.refused"):
        come(house, provider, iss="https://another.example")
    with refused(PresencaError, match="não confirmou"):
        come(house, provider, error="access_denied")
    assert come(house, provider, iss=provider.issuer).entered.user.id == bia.id
    by_provider._provider.cache_clear()
    provider.about = {"authorization_response_iss_parameter_supported": True}
    with pytest.raises(PresencaError, match=r"oidc\.refused"):
        come(house, provider)


def test_a_secret_goes_as_the_provider_takes_it(
    house: Workspace, bia: User, provider: LocalProvider, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    provider.about = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    monkeypatch.setenv(settings.SECRET, "")
    monkeypatch.setenv(settings.SECRET_FILE, str(tmp_path / "secret"))
    assert come(house, provider).entered.user.id == bia.id
    monkeypatch.setenv(settings.SECRET_FILE, "")
    monkeypatch.setenv(settings.SECRET, "errado")
    with pytest.raises(PresencaError, match="invalid_client"):
        come(house, provider)


def _endless() -> Response:
    return StreamingResponse((b" " * 65_536 for _ in range(10_000)), media_type="application/json")


DISCOVERY = "/.well-known/openid-configuration"
BROKEN: dict[str, Callable[[], Response]] = {
    "an error": lambda: JSONResponse({}, 500),
    "nothing there": lambda: JSONResponse({}, 404),
    "elsewhere": lambda: RedirectResponse("http://127.0.0.1:1/x"),
    "words": lambda: PlainTextResponse("<html>manutenção</html>"),
    "a list": lambda: JSONResponse([]),
    "an empty object": lambda: JSONResponse({}),
    "deep": lambda: PlainTextResponse("[" * 200_000),
    "not UTF-8": lambda: Response(b"\xff\xfe\x00"),
    "endless": _endless,
    "packed": lambda: Response(b"x", headers={"content-encoding": "gzip"}),
}


@pytest.mark.parametrize("path", [DISCOVERY, "/token", "/jwks"])
def test_a_provider_that_answers_anything_else_lets_nobody_in_and_passwords_go_on(
    house: Workspace, bia: User, provider: LocalProvider, path: str
) -> None:
    for name, broken in BROKEN.items():
        by_provider._provider.cache_clear()
        provider.answers = {path: broken}
        said = ""
        try:
            come(house, provider)
        except PresencaError as error:
            said = error.note.code
        assert said in ("oidc.unreachable", "oidc.refused"), name
    assert entering.log_in(house, "ana", GOOD).user.login == "ana"


def test_one_that_is_down_is_not_asked_by_everybody_and_closes_no_door(
    house: Workspace, bia: User, provider: LocalProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.answers = {DISCOVERY: lambda: JSONResponse({}, 503)}
    for _ in range(5):
        with refused(PresencaError, match="não respondeu"):
            by_provider.begin(BASE, BACK, "/")
    assert provider.asked == [DISCOVERY]
    by_provider._provider.cache_clear()
    provider.answers = {"/token": lambda: JSONResponse({}, 503)}
    for _ in range(lockout.FREE_TRIES_ADDRESS + 2):  # no try of anybody's
        with refused(PresencaError, match="não respondeu"):
            come(house, provider)
    monkeypatch.setenv(settings.ISSUER, "http://127.0.0.1:9")
    with refused(PresencaError, match="não respondeu"):
        by_provider.begin(BASE, BACK, "/")


def test_too_many_that_fail_from_an_address_wait_by_either_way(
    house: Workspace, bia: User, provider: LocalProvider
) -> None:
    provider.person = {"email": "eva@clinica.example", "email_verified": True}
    for _ in range(lockout.FREE_TRIES_ADDRESS):
        with pytest.raises(PresencaError, match=r"oidc\.unknown"):
            come(house, provider)
    for deed in (lambda: come(house, provider), lambda: entering.log_in(house, "ana", GOOD, "10.0.0.7")):
        with pytest.raises(PresencaError, match=r"login\.wait"):
            deed()


@pytest.mark.parametrize(
    "about",
    [
        {"issuer": "https://another.example"},
        {"issuer": None},
        {"token_endpoint": "http://metadata.example/latest"},
        {"token_endpoint": "file:///etc/passwd"},
        {"jwks_uri": "https://user@keys.example/"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "https://x.example/\r\nset-cookie: a=b"},
        {"authorization_endpoint": 7},
    ],
)
def test_what_a_provider_says_of_itself_is_checked(provider: LocalProvider, about: dict[str, Any]) -> None:
    provider.about = about
    with pytest.raises(PresencaError, match=r"oidc\.unreachable"):
        by_provider.begin(BASE, BACK, "/")


def test_a_provider_that_signs_by_no_sound_algorithm_lets_nobody_in(
    house: Workspace, bia: User, provider: LocalProvider
) -> None:
    provider.about = {"id_token_signing_alg_values_supported": ["HS256", "none"]}
    with pytest.raises(PresencaError, match=r"oidc\.refused.*algorithm"):
        come(house, provider)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (_endless, "too large"),
        (lambda: Response(b"{}", headers={"content-encoding": "gzip"}), "packed"),
        (lambda: RedirectResponse("https://another.example"), "status 307"),
    ],
)
def test_the_log_says_what_was_wrong_with_an_answer(
    provider: LocalProvider, answer: Callable[[], Response], reason: str
) -> None:
    provider.answers = {DISCOVERY: answer}
    with pytest.raises(PresencaError, match=reason):
        by_provider.begin(BASE, BACK, "/")


def test_slow_answers_are_not_waited_for(provider: LocalProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    def drops() -> Iterator[bytes]:
        while True:
            time.sleep(0.02)
            yield b" "

    monkeypatch.setattr(fetching, "LONGEST", 0.1)
    provider.answers = {DISCOVERY: lambda: StreamingResponse(drops())}
    with pytest.raises(PresencaError, match="too slow"):
        by_provider.begin(BASE, BACK, "/")


def test_with_the_provider_alone_passwords_are_for_admins(
    house: Workspace, bia: User, provider: LocalProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = Session(house, user=house.users()[0])
    entering.set_password(admin, bia.id, GOOD + "!")
    link = persons.invite(admin, bia.id).token
    assert entering.log_in(house, EMAIL, GOOD + "!").user.id == bia.id
    monkeypatch.setenv(settings.ONLY, "1")
    with refused(PresencaError, match="não conferem"):
        entering.log_in(house, EMAIL, GOOD + "!")
    with refused(PresencaError, match="pelo provedor"):
        entering.accept(house, link, GOOD + "?")
    assert come(house, provider).entered.user.id == bia.id
    monkeypatch.setenv(settings.SECRET_FILE, "/nowhere")  # whatever is wrong there, an admin comes in
    assert entering.log_in(house, "ana", GOOD).user.login == "ana"


def test_nothing_of_a_person_or_a_secret_is_said_in_a_refusal_or_a_log(
    house: Workspace, bia: User, provider: LocalProvider, caplog: pytest.LogCaptureFixture
) -> None:
    provider.person = {"email": "eva@clinica.example", "email_verified": True}
    with caplog.at_level(logging.DEBUG), pytest.raises(PresencaError) as told:
        come(house, provider)
    text = caplog.text + str(told.value) + repr(settings.load({settings.ISSUER: "https://i.example", **_ID}))
    assert not [one for one in ("eva@", SECRET, "code-1") if one in text]


_ID = {settings.CLIENT_ID: CLIENT, settings.SECRET: SECRET}


def test_where_to_leave_is_known_once_the_provider_was_asked(provider: LocalProvider, house: Workspace) -> None:
    assert by_provider.leaving(BASE, "/entrar") == ""
    by_provider.begin(BASE, BACK, "/")
    told = urlsplit(by_provider.leaving(BASE, "/entrar"))
    assert told.path == "/logout"
    assert dict(parse_qsl(told.query)) == {"client_id": CLIENT, "post_logout_redirect_uri": f"{BASE}/entrar"}


def test_the_address_behind_a_proxy_is_the_one_of_the_settings(
    provider: LocalProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(settings.ADDRESS, "https://clinica.example/presenca/")
    asked = dict(parse_qsl(urlsplit(by_provider.begin(BASE, BACK, "/").address).query))
    assert asked["redirect_uri"] == "https://clinica.example/presenca/entrar/oidc/volta"


@pytest.mark.slow
def test_without_settings_there_is_no_such_way_and_its_libraries_are_not_loaded(house: Workspace) -> None:
    assert by_provider.offered() is None and by_provider.leaving(BASE, "/entrar") == ""
    with refused(PresencaError, match="não se entra por provedor"):
        by_provider.begin(BASE, BACK, "/")
    code = (
        "import sys, dashboard.gatehouse, pipeline.services.people.by_provider as p; p.offered(); "
        "print([m for m in ('authlib', 'joserfc', 'httpx') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
