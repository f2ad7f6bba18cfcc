"""Texts → typed columns, by each field's kind, with what could not be read."""
