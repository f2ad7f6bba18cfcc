"""Arms, risks and outcomes in, effects out: who is left uncalled by chance, what trials let expect of a contact, what
contacting did here, and on whom it works. Arrays of one place a listed appointment; no clock, no file.
"""
