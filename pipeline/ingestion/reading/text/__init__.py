"""Bytes of a text file → a table of texts: encoding, separators, quotes that went wrong."""
