"""Rows to a model: what was known when, features, training, calibration, explanation, and the model as a file."""
