"""Records and typed rows → tables as a page shows them and a file holds them: Portuguese headers, pseudonyms."""
