"""Use cases of what comes from outside: taken in at once, read in its turn into one data set a series, followed."""
