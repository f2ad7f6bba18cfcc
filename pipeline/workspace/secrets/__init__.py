"""The clinic's key, and what is made with it: pseudonyms of patients, sealed files."""
