"""Files on disk: ids as names, writes that happen whole or not at all, the vault of raw tables."""
