"""Bytes of a workbook → a table of texts, read in a process that may die of it."""
