"""Which role may do what. Each row says all that a role has, so that it can be read without looking at another."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from pipeline.records import FileUse, Permission, Role
from pipeline.records.integration import KeyScope

_P = Permission

_OF_ADMINS = frozenset({_P.MANAGE_PEOPLE, _P.KEEP_COPIES})
_ANALYST = frozenset(_P) - _OF_ADMINS - {_P.READ_IDENTITIES, _P.MAINTAIN, _P.CALL_PATIENTS, _P.FILL_SLOTS}

GRANTED: Mapping[Role, frozenset[Permission]] = {
    Role.ADMIN: frozenset(_P),
    Role.MANAGER: frozenset(_P) - _OF_ADMINS,
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

# What a key may do by each of its scopes; it has what any of them gives, and nothing of what people alone are for:
# to change what is kept, to erase it, to see who a patient is, to manage keys.
OF_SCOPE: Mapping[KeyScope, frozenset[Permission]] = {
    KeyScope.SEND: frozenset({_P.OPEN, _P.SEND_RECORDS, _P.CHANGE_MODELS}),
    KeyScope.SCORE: frozenset({_P.OPEN, _P.SCORE_RECORDS, _P.READ_MODELS}),
    KeyScope.READ: frozenset(
        {
            _P.OPEN,
            _P.READ_AGGREGATES,
            _P.READ_DATA,
            _P.READ_MODELS,
            _P.READ_LISTS,
            _P.SEE_RISK,
            _P.READ_COMMENTS,
        }
    ),
    KeyScope.CONTACTS: frozenset({_P.OPEN, _P.READ_LISTS, _P.SEE_RISK, _P.CALL_PATIENTS}),
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

# In which files a role may have the patients' identities, where somebody asks for them; in all others, as for the roles
# that stand not here and for every key, patients are codes.
IDENTIFIED: Mapping[Role, frozenset[FileUse]] = {
    Role.ADMIN: frozenset(FileUse),
    Role.MANAGER: frozenset(FileUse),
    Role.ATTENDANT: frozenset({FileUse.CALLS}),
}

# Inside a use case that was granted, the ones it calls are its own doing; these are asked for each time all the same.
NEVER_LENT = frozenset({_P.READ_IDENTITIES, _P.MANAGE_PEOPLE, _P.KEEP_COPIES, _P.MAINTAIN, _P.DELETE_DATA})


def of_scopes(scopes: Collection[KeyScope]) -> frozenset[Permission]:
    """What a key with these scopes may do."""
    return frozenset().union(*(OF_SCOPE[scope] for scope in scopes))


def may(role: Role, permission: Permission, hidden: Collection[Role] = ()) -> bool:
    """Whether a role has a permission. `hidden`: the roles from which this workspace hides the risk."""
    if permission is Permission.SEE_RISK and role in hidden:
        return False
    return permission in GRANTED[role]
