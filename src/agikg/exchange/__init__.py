"""What comes in and goes out: importers, exporters, comparison. Importers yield statements; the build decides what enters."""
