"""The API: what other systems call over HTTP. A request in, a use case asked, a record or a problem out.

Beside the command line it is the other door of the same use cases. It knows no product: what it says of fields comes
from the declaration. FastAPI is loaded with the first call (`mounting`), never by a page or another command.
"""
