"""Rows and a model → risks with their reasons, also of a row that were otherwise."""
