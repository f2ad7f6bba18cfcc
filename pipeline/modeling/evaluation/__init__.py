"""Predictions and outcomes → how good they are, beside simpler ways, with intervals."""
