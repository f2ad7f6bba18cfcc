"""Presença without its screen: everything from a file's bytes to risks, reasons and lists.

For a notebook: `pipeline.explain(model, data)` gives the `shap.Explanation` of a file's risks.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
