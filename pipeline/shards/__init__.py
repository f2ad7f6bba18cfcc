"""Rows at rest, cut by the hash of their patient: typed rows in, an address with a file a shard and a manifest out.

One patient's rows, and one event told twice, lie in one shard, so that a shard's past is whole within it.
"""
