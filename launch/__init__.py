"""How Presença is set up, started and checked: what run.py calls, with the standard library only."""
