"""Tests of what is kept of people."""
