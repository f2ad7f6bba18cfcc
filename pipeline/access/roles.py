"""Which role may do what. Each row says all that a role has, so that it can be read without looking at another."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from pipeline.records import Permission, Role

_P = Permission

_ANALYST = frozenset(_P) - {_P.READ_IDENTITIES, _P.MAINTAIN, _P.MANAGE_PEOPLE, _P.CALL_PATIENTS, _P.FILL_SLOTS}

GRANTED: Mapping[Role, frozenset[Permission]] = {
    Role.ADMIN: frozenset(_P),
    Role.MANAGER: frozenset(_P) - {_P.MANAGE_PEOPLE},
    Role.ANALYST: _ANALYST - {_P.DELETE_DATA},
    Role.ATTENDANT: frozenset(
        {
            _P.OPEN,
            _P.OWN_ACCOUNT,
            _P.READ_LISTS,
            _P.CALL_PATIENTS,
            _P.FILL_SLOTS,
            _P.SEE_RISK,
            _P.READ_IDENTITIES,
        }
    ),
    Role.READER: frozenset({_P.OPEN, _P.OWN_ACCOUNT, _P.READ_AGGREGATES, _P.READ_MODELS}),
}

# What somebody who is of some units alone keeps of their role: all that is told row by row, and can be told of their
# units. What speaks of a network as a whole, changes it for everybody or hands out whole files is not among them; of
# what needs another permission they keep the use cases that say `by_unit`, each of which is narrowed to their rows.
OF_UNITS = frozenset(
    {
        _P.OPEN,
        _P.OWN_ACCOUNT,
        _P.READ_LISTS,
        _P.CALL_PATIENTS,
        _P.FILL_SLOTS,
        _P.SEE_RISK,
        _P.READ_IDENTITIES,
        _P.MANAGE_PEOPLE,
    }
)

# Inside a use case that was granted, the ones it calls are its own doing; these are asked for each time all the same.
NEVER_LENT = frozenset({_P.READ_IDENTITIES, _P.MANAGE_PEOPLE, _P.MAINTAIN, _P.DELETE_DATA})


def may(role: Role, permission: Permission, hidden: Collection[Role] = ()) -> bool:
    """Whether a role has a permission. `hidden`: the roles from which this workspace hides the risk."""
    if permission is Permission.SEE_RISK and role in hidden:
        return False
    return permission in GRANTED[role]
