"""Catalog and analyses put together into records: what one question about the graph returns. Knows no doors."""
