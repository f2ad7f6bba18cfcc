"""How a route tells the documentation what only the products know."""

RECORDS = "x-records"  # an operation that takes records, with their media types: its body is written from the products
