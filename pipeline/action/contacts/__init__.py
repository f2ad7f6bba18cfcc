"""Bookings, contacts and settings in, a list and its queue out: who is called next, who is left alone, and why."""
