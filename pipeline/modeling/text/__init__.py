"""Comments → what a reader of words says of them, and which words said it."""
