"""Who comes in and what they may do, as policy: records in, a yes, a no or a wait out; no file, no clock, no page.

`oidc/` alone asks somebody else: the organisation's own provider of identities.
"""
