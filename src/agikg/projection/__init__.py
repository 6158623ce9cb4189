"""RDF -> compiled facts and DependencyNetwork, by what the ontology declares. Names no relation of its own."""
