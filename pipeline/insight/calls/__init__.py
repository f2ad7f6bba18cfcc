"""Scored rows → the list of whom to contact, what it will reach, and on which day."""
