"""How a route tells the documentation what only the products know."""

FRAMES = "x-frames"  # the same for MLflow's forms
RECORDS = "x-records"  # an operation that takes records, with their media types: its body is written from the products
