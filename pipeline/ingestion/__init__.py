"""Ingestion: bytes of a file → typed rows, and a report of what is wrong with them.

In: a path or bytes, a product, the day. Out: a `Dataset` (rows, rows left out with their reason, `ValidationReport`);
several as one table (`join`), one held against another (`compare`). `read` only opens a file as text.
"""

import lazy_loader

# the names stand in __init__.pyi: nothing heavy is imported before it is used
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
