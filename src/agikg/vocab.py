"""Names of the frame: namespaces, CURIEs, and the terms of ontology/core.ttl that code must know.

No relation, metric or class of the domain is named here: those are declared in ontology/domain.ttl and read from there.
"""

from __future__ import annotations

AGI = "https://w3id.org/agikg/ontology#"
ID = "https://w3id.org/agikg/id/"
GRAPH = f"{ID}graph/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCTERMS = "http://purl.org/dc/terms/"
PROV = "http://www.w3.org/ns/prov#"
QUDT = "http://qudt.org/schema/qudt/"
SCHEMA = "https://schema.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"

# Longest namespace first, so that a claim is c:..., not e:claim/...
PREFIXES = {
    "c": f"{ID}claim/",
    "p": f"{ID}passage/",
    "r": f"{ID}requirement/",
    "s": f"{ID}source/",
    "sec": f"{ID}section/",
    "d": f"{ID}derivation/",
    "q": f"{ID}quantity/",
    "g": GRAPH,
    "e": ID,
    "agi": AGI,
    "rdf": RDF,
    "rdfs": RDFS,
    "owl": OWL,
    "skos": SKOS,
    "dcterms": DCTERMS,
    "prov": PROV,
    "qudt": QUDT,
    "schema": SCHEMA,
    "xsd": XSD,
}

GRAPH_ONTOLOGY = f"{GRAPH}ontology"
GRAPH_ENTITIES = f"{GRAPH}entities"
GRAPH_DERIVED = f"{GRAPH}derived"

TYPE = f"{RDF}type"
SUBJECT = f"{RDF}subject"
PREDICATE = f"{RDF}predicate"
OBJECT = f"{RDF}object"
LABEL = f"{RDFS}label"
SUBCLASS_OF = f"{RDFS}subClassOf"
SUBPROPERTY_OF = f"{RDFS}subPropertyOf"
INVERSE_OF = f"{OWL}inverseOf"
SYMMETRIC = f"{OWL}SymmetricProperty"
PREF_LABEL = f"{SKOS}prefLabel"
ALT_LABEL = f"{SKOS}altLabel"
DEFINITION = f"{SKOS}definition"
NOTATION = f"{SKOS}notation"
IN_SCHEME = f"{SKOS}inScheme"


def agi(name: str) -> str:
    """IRI of a term of the vocabulary."""
    return AGI + name


def graph_of(source: str) -> str:
    """IRI of the named graph that holds the claims of a source (given by its IRI)."""
    return GRAPH + source.removeprefix(PREFIXES["s"])


def curie(iri: str) -> str:
    """Short form of an IRI (``e:huawei``, ``c:...``); the IRI itself where no prefix fits."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


def expand(name: str) -> str:
    """IRI of a CURIE; anything else unchanged."""
    prefix, colon, local = name.partition(":")
    return PREFIXES[prefix] + local if colon and prefix in PREFIXES else name


def local(iri: str) -> str:
    """Name of a vocabulary term without its namespace (``fabricatedWith``)."""
    return iri.removeprefix(AGI)
