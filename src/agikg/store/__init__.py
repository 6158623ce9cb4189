"""One port to the graph, and the engines behind it.

Only ``syntax`` and ``embedded`` name the engine (pyoxigraph), only ``rdf`` names rdflib. Nothing here knows claims.
"""
