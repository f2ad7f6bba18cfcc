"""Bytes of a file → a table of texts with its headers, as written. UnreadableFile where that cannot be."""
