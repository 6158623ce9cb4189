"""Pure functions on a DependencyNetwork: arrays in, positions out. Knows no RDF, no labels, no store."""
