"""Typed rows → the model's columns (float64, n × m), each from what was known at its row's moment."""
