"""Slots of an agenda: how many of the booked will come, who is offered a slot that was emptied, and how many may be
booked beyond the slots there are. Arrays and records in, records out.
"""
