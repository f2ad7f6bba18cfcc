"""Ingestion: bytes of a file → typed rows, and a report of what is wrong with them."""
