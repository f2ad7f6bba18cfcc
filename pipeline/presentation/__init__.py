"""Records become figures, words and files here, without Streamlit: pages and the command line only place them.

In: records, notes, refusals. Out: sentences (`say`, `refusal`), charts, frames, HTML, workbooks.
"""

import lazy_loader

# the names stand in __init__.pyi: nothing heavy is imported before it is used
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
