"""Use cases of the watched folder: a file that arrives whole is read, listed and moved, untouched by hands."""
