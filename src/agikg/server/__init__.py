"""The graph over HTTP: SPARQL protocol, JSON API, workbench, tools for assistants.

Nothing but translation: every module here calls the library and writes down what it says; none knows the RDF engine.
"""
