"""Rows to a model: what was known when, features, training, calibration, explanation, and the model as a file.

In: typed rows and a product. Out: a `TrainedModel` and the risks of past rows by models that had not seen them
(`train`); a model as a safe file and back (`save`, `load`).
"""

import lazy_loader

# the names stand in __init__.pyi: nothing heavy is imported before it is used
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
