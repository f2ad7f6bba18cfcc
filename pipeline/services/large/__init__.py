"""Use cases on rows by the million: a file's rows in shards, what is done with each, and the answers put together."""
