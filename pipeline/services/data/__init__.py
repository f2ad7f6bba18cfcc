"""Use cases of data: a file comes in, is checked, mended, kept in its series, compared and recovered."""
