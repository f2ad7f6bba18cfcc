"""Login by the organisation's own OpenID Connect provider: settings in, a claim that names a person out.

The one part of access that asks the network, and only the issuer that it was told. Authlib, joserfc and httpx are
imported by `provider`, `id_token` and `fetching`, which nothing imports before somebody comes in by them.
"""
