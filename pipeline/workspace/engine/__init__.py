"""The database of records: tables, migrations, connections, one writer at a time."""
