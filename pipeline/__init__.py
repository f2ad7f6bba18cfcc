"""Presença without its screen: everything from a file's bytes to risks, reasons and lists."""
