"""Codes, values and keys → Portuguese: numbers, dates, names, and the catalogue of all sentences."""
