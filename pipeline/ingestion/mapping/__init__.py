"""Headers and cells of a table → which column is which of the product's fields."""
