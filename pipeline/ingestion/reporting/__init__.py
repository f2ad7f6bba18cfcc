"""What the checks found → the report that a person reads: costs, quality, examples."""
