"""Persons: adding them, their ways in and out, their passwords, what their role sees. A session in, a record out."""
