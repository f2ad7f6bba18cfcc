"""Which columns this version of the code makes of the same rows: raised whenever one of them comes out otherwise."""

from __future__ import annotations

FEATURES_VERSION = 1
"""Kept in each bundle, so that a model of other columns is told from one that somebody altered.

`tests/golden/features.json` holds what the columns of fixed rows were; its test fails until both are renewed.
"""
