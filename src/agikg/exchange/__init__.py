"""Other people's data in, this data out. Knows files, formats and endpoints; what enters the graph, the build decides."""
