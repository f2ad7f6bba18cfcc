"""Records in, records out: what is done about an event (who answers, until when, what came of it) and how well that
goes. Keyed by the event, without files and without a clock of its own.
"""
