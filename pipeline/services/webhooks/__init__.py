"""Addresses that other systems give → what happened here, told to them: signed, tried again, on record."""
