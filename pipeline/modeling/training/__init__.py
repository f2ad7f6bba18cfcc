"""A training set → boosters with their calibration, tested once on a later period, and the card that says so."""
