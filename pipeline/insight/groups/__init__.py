"""Rows and past risks → rates by group and period, and why they differ."""
