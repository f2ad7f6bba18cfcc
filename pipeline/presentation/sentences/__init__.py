"""Records → the sentences that a page or an export says of them."""
