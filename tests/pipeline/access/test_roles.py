"""What roles may do, as a person would say it; and how long a login lasts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.access import logins
from pipeline.access.roles import GRANTED, NEVER_LENT, may
from pipeline.records import Login, Permission, Role

P = Permission


def test_every_role_says_all_that_it_has_and_an_admin_has_everything() -> None:
    assert set(GRANTED) == set(Role) and GRANTED[Role.ADMIN] == set(P)
    assert all({P.OPEN, P.OWN_ACCOUNT} <= granted for granted in GRANTED.values())
    for one in (P.MANAGE_PEOPLE, P.KEEP_COPIES):
        assert [role for role, granted in GRANTED.items() if one in granted] == [Role.ADMIN]


def test_a_reader_sees_sums_and_an_attendant_lists() -> None:
    assert GRANTED[Role.READER] == {P.OPEN, P.OWN_ACCOUNT, P.READ_AGGREGATES, P.READ_MODELS}
    never = {P.READ_DATA, P.CHANGE_DATA, P.DELETE_DATA, P.READ_COMMENTS, P.ANSWER_COMMENTS, P.READ_AGGREGATES}
    assert not GRANTED[Role.ATTENDANT] & (never | {P.CHANGE_MODELS, P.PLAN_CALLS, P.MAINTAIN})
    assert {P.READ_LISTS, P.CALL_PATIENTS, P.FILL_SLOTS} <= GRANTED[Role.ATTENDANT]
    assert not GRANTED[Role.ANALYST] & {P.READ_IDENTITIES, P.CALL_PATIENTS, P.DELETE_DATA}


def test_the_risk_can_be_hidden_from_a_role_and_nothing_else_can() -> None:
    for role in Role:
        assert not may(role, P.SEE_RISK, (role,))
        assert all(may(role, one, tuple(Role)) == may(role, one) for one in P if one is not P.SEE_RISK)
    assert may(Role.ATTENDANT, P.SEE_RISK, (Role.READER,)) and P.READ_IDENTITIES in NEVER_LENT


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0, 2e6))
def test_a_login_ends_and_stays_ended(created: float, idle: float, later: float) -> None:
    login = Login("0" * 12, "0" * 12, created, created + idle)
    moment = created + later
    over = logins.ended(login, moment)
    assert over or (moment < login.seen + logins.IDLE and moment < created + logins.LONGEST)
    assert not over or logins.ended(login, moment + 1)


def test_a_token_has_256_bits_and_is_not_what_is_kept() -> None:
    token = logins.new_token()
    assert logins.is_token(token) and len(token) * 6 >= 256 and logins.digest(token) != token
    assert not logins.is_token(token + "=") and not logins.is_token("") and not logins.is_token("../" * 15)
