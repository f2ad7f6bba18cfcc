"""Rows and a model to decisions: risks with reasons, groups and why they differ, lists to act on."""
