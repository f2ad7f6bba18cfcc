"""Rows and a model to decisions: risks with reasons, groups and why they differ, lists to act on.

In: typed rows and a `TrainedModel`. Out: risks, tiers and reasons (`score`), and what the rooms make of them.
"""

import lazy_loader

# the names stand in __init__.pyi: nothing heavy is imported before it is used
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
