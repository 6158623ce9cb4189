"""SupplyBench's graph as data that agikg compiles: a folder for AGIKG_DATA, and what each name in it stands for.

By the ontology of the benchmark alone (its TBox); knows no question and no gold query.
"""

from __future__ import annotations

import json
import re
import shutil
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import pyoxigraph as ox

from agikg import resources, vocab
from agikg.names import key, tokenise

TBOX = "https://github.com/wintechis/natural-language-query-answering/tree/main/knowledge-graph/velektronik-graph-clean/tbox.ttl#"
ORG, GEO, TIME = "https://www.w3.org/ns/org#", "http://www.geonames.org/ontology#", "http://www.w3.org/2006/time#"
ESN = "https://paul.ti.rw.fau.de/~ju32haqi/supply-networks/abstraction-examples/esn-ontology#"
DBLP, FOAF = "https://dblp.org/rdf/schema#", "http://xmlns.com/foaf/0.1/"
TYPE, LABEL = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "http://www.w3.org/2000/01/rdf-schema#label"
SUBCLASS, CONCEPT = "http://www.w3.org/2000/01/rdf-schema#subClassOf", "http://www.w3.org/2004/02/skos/core#Concept"
SERVICE = "https://welektronik.iis.fraunhofer.de/entity/Q293"
METRICS = {name: name for name in ("totalAssets", "totalEquity", "operatingIncome", "netProfit", "capex", "employees")}
METRICS["totalRevenue"] = "revenue"
UNITS = {
    "United States dollar": "USD", "Euro": "EUR", "renminbi": "CNY", "won": "KRW", "yen": "JPY", "New Taiwan dollar": "TWD",
    "pound sterling": "GBP", "Danish krone": "DKK", "Russian ruble": "RUB", "Norwegian krone": "NOK",
}  # fmt: skip
_GENERIC = frozenset(
    [
        "ag",
        "co",
        "company",
        "corp",
        "corporation",
        "electronics",
        "gmbh",
        "group",
        "holding",
        "holdings",
        "inc",
        "incorporated",
        "limited",
        "ltd",
        "nv",
        "plc",
        "sa",
        "se",
        "semiconductor",
        "semiconductors",
        "technologies",
        "technology",
    ]
)
_COUNTRY_NAMES = {
    "People's Republic of China": ["China", "Chinese", "PRC"], "United States of America": ["United States", "US", "USA", "American"],
    "United Kingdom": ["UK", "British"], "South Korea": ["Korea", "Korean"], "Taiwan": ["Taiwanese"], "Germany": ["German"],
    "Japan": ["Japanese"], "Netherlands": ["Dutch"], "France": ["French"], "Italy": ["Italian"], "Switzerland": ["Swiss"],
    "Austria": ["Austrian"], "Belgium": ["Belgian"], "Sweden": ["Swedish"], "Finland": ["Finnish"], "Norway": ["Norwegian"],
    "Denmark": ["Danish"], "Ireland": ["Irish"], "Israel": ["Israeli"], "India": ["Indian"], "Singapore": ["Singaporean"],
    "Malaysia": ["Malaysian"], "Canada": ["Canadian"], "Russia": ["Russian"], "Vietnam": ["Vietnamese"],
}  # fmt: skip
"""What the commonest countries and what comes from them are called besides."""
_PREFIXES = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in vocab.PREFIXES.items())
# A supply flow may run both ways; the build takes a circle of needs for a slip unless a note says that it is meant.
_MUTUAL = 'agi:note "Companies of the benchmark supply each other." ; '
_SOURCE = """
s:supplybench a agi:Source ; dcterms:identifier "supplybench" ; dcterms:title "SupplyBench knowledge graph"@en ;
  dcterms:publisher "wintechis" ; agi:published "2024-10" ; agi:accessed "2026-11-26" ; agi:tier agi:tier-think-tank ;
  dcterms:license "CC BY-NC-SA 4.0" ; agi:nonCommercial true ; schema:url <https://github.com/wintechis/supplybench> .
sec:supplybench.graph a agi:Section ; agi:inSource s:supplybench ; agi:sectionKey "graph" ; dcterms:title "Knowledge graph"@en .
"""


@dataclass
class Mapped:
    """What was mapped.

    Attributes:
        iri_of: CURIE of an entity, or id of a claim -> IRI of the benchmark's graph.
        name_of: the other way round, for entities.
        observations: IRIs of the observations that figures came from.
        lines: Turtle of entities and claims.
    """

    iri_of: dict[str, str] = field(default_factory=dict)
    name_of: dict[str, str] = field(default_factory=dict)
    observations: set[str | float] = field(default_factory=set)
    lines: list[str] = field(default_factory=list)


def load(path: Path) -> ox.Store:
    """The benchmark's graph: TBox and ABox below ``path``/knowledge-graph."""
    store = ox.Store()
    for name in ("tbox.ttl", "abox.ttl"):
        store.load(path=str(path / "knowledge-graph" / name), format=ox.RdfFormat.TURTLE)
    return store


class Reader:
    """The benchmark's graph, term by term as strings."""

    def __init__(self, store: ox.Store) -> None:
        self._out: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._in: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._pairs: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for subject, predicate, value in sorted((_plain(q.subject), q.predicate.value, _plain(q.object)) for q in store):
            self._out[subject, predicate].append(value)
            self._in[predicate, value].append(subject)
            self._pairs[predicate].append((subject, value))

    def all(self, subject: str, predicate: str) -> list[str]:
        """Objects, in order."""
        return self._out.get((subject, predicate), [])

    def one(self, subject: str, predicate: str) -> str | None:
        """The first object."""
        return next(iter(self.all(subject, predicate)), None)

    def having(self, predicate: str, value: str) -> list[str]:
        """Subjects, in order."""
        return self._in.get((predicate, value), [])

    def pairs(self, predicate: str) -> list[tuple[str, str]]:
        """Subjects and objects of a property."""
        return self._pairs.get(predicate, [])

    def of(self, kind: str) -> list[str]:
        """Instances of a class and its sub-classes."""
        below = self.having(SUBCLASS, kind)
        return sorted({*self.having(TYPE, kind), *(found for sub in below for found in self.of(sub))})


def _plain(term: object) -> str:
    return str(getattr(term, "value", term))


def mapped(graph: Reader) -> Mapped:
    """Entities and claims of the benchmark's graph, in agikg's own form."""
    made = Mapped()
    _entities(graph, made)
    for number, (subject, predicate, value, statement, rest, origin) in enumerate(_claims(graph, made), 1):
        claim = f"c:supplybench.graph-{number}a"
        if origin:
            made.iri_of[claim] = origin
            made.observations.add(origin)
        print_ = sha256(statement.encode()).hexdigest()[:32]
        made.lines.append(
            f"p:supplybench.graph-{number} a agi:Passage ; agi:inSection sec:supplybench.graph ; agi:sentence {number} ;"
            f' agi:fingerprint "{print_}" .\n'
            f"{claim} a agi:Claim ; rdf:subject {subject} ; rdf:predicate agi:{predicate} ; {value}{rest}"
            f"agi:statement {_text(statement)} ; agi:modality agi:stated ; agi:passage p:supplybench.graph-{number} ."
        )
    return made


def write(made: Mapped, folder: Path) -> None:
    """The folder that AGIKG_DATA names: agikg's vocabulary with what it lacks, the mapped graph, the named queries."""
    root = resources.data_root()
    for name in ("ontology", "queries"):
        shutil.copytree(root / name, folder / name)
    shutil.copy(Path(__file__).with_suffix("").with_name("supplybench.ttl"), folder / "ontology" / "supplybench.ttl")
    (folder / "graph" / "entities").mkdir(parents=True)
    (folder / "graph" / "supplybench").mkdir()
    parts: dict[str, list[str]] = defaultdict(list)
    for line in made.lines:
        parts["entities" if line.startswith("e:") else "supplybench"].append(line)
    (folder / "graph/entities/all.ttl").write_text(_PREFIXES + "\n".join(parts["entities"]) + "\n", encoding="utf-8")
    (folder / "graph/supplybench/graph.ttl").write_text(_PREFIXES + _SOURCE + "\n".join(parts["supplybench"]) + "\n", encoding="utf-8")


# --- Entities ---------------------------------------------------------------------------------------------------


def _entities(graph: Reader, made: Mapped) -> None:
    taken: set[str] = set()
    for iri in graph.of(f"{ORG}Organization"):
        _add(made, taken, iri, "Company", _label(graph, iri), _short_names(graph, iri), "chips")
    concepts = sorted({kind for kind in graph.having(SUBCLASS, CONCEPT) if graph.having(TYPE, kind)})
    for kind in concepts:
        if not kind.startswith(GEO):  # what sort of place one is becomes its class
            _add(made, taken, kind, "Feature", f"{_label(graph, kind)}s", _spoken_scheme(_label(graph, kind)), "chips")
            for iri in graph.having(TYPE, kind):
                _add(made, taken, iri, "Feature", *_spoken_concept(_label(graph, iri), kind), "chips")
    for iri in graph.of(f"{ORG}Role"):
        _add(made, taken, iri, "Feature", f"{_label(graph, iri)}s", [_label(graph, iri)], "chips")
    for iri in _places(graph):
        coded = graph.one(iri, f"{GEO}featureCode") == f"{GEO}A.PCLI"
        kind = "Country" if coded else "City" if graph.one(iri, f"{GEO}featureClass") == f"{GEO}P" else "Place"
        parent = graph.one(iri, f"{GEO}parentFeature")
        spare = f", {_label(graph, parent)}" if parent and not coded else ""
        _add(made, taken, iri, kind, _label(graph, iri), _COUNTRY_NAMES.get(_label(graph, iri), []) if coded else [], "policy", spare)
    for company, iri in graph.pairs(f"{ORG}hasSite"):
        if iri not in made.name_of:
            _add(made, taken, iri, "Site", _label(graph, iri) if graph.one(iri, LABEL) else f"{_label(graph, company)} site", [], "foundry")
    for iri in graph.of(f"{FOAF}Person"):
        _add(made, taken, iri, "Person", _label(graph, iri), [], "chips")
    for iri in graph.of(f"{DBLP}Publication"):
        _add(made, taken, iri, "Publication", " ".join((graph.one(iri, f"{DBLP}title") or iri).split()), [], "chips")


def _add(made: Mapped, taken: set[str], iri: str, kind: str, label: str, aliases: list[str], layer: str, spare: str = "") -> None:
    """One entity; a label that another has already is told apart by ``spare`` or a number."""
    if iri in made.name_of:
        return
    if _folded(label) in taken:
        label = f"{label}{spare}" if spare else label
        number, plain = 2, label
        while _folded(label) in taken:
            label, number = f"{plain} ({number})", number + 1
    taken.add(_folded(label))
    folded = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", folded).strip("-")[:60].strip("-") or "x"
    name = next(n for n in (f"e:{slug}", *(f"e:{slug}-{i}" for i in range(2, 999))) if n not in made.iri_of)
    made.iri_of[name], made.name_of[iri] = iri, name
    fresh = [alias for alias in dict.fromkeys(aliases) if _folded(alias) not in taken]
    taken.update(map(_folded, fresh))
    also = "".join(f" skos:altLabel {_text(alias)} ;" for alias in fresh)
    made.lines.append(f"{name} a agi:{kind} ; skos:prefLabel {_text(label)} ;{also} agi:layer agi:layer-{layer} .")


def _folded(name: str) -> str:
    """A name as the build tells names apart."""
    return key(tokenise(name)).replace(" ", "")


def _label(graph: Reader, iri: str) -> str:
    return " ".join((graph.one(iri, LABEL) or re.split(r"[/#]", iri)[-1]).split())


def _short_names(graph: Reader, iri: str) -> list[str]:
    """A company's name without the words that say what sort of firm it is, and the name of its homepage."""
    short = _label(graph, iri).split()
    while len(short) > 1 and short[-1].strip(".,").casefold() in _GENERIC:
        short.pop()
    hosts = (re.match(r"https?://(?:www\.)?([^/.]+)\.", page) for page in graph.all(iri, f"{FOAF}homepage"))
    return [" ".join(short).strip(","), *(host[1].upper() for host in hosts if host and len(host[1]) > 2)]


def _spoken_scheme(label: str) -> list[str]:
    """How people name a list of concepts: "types of companies" for organization types."""
    thing, _, what = label.partition(" ")
    if not what:
        return [f"potential {label.lower()}s", f"{label.lower()}s of companies"]
    things = ("companies", "organizations", "enterprises") if thing in ("Organization", "Enterprise") else (f"{thing.lower()}s",)
    return [f"{what}s of {one}" for one in things]


def _spoken_concept(label: str, kind: str) -> tuple[str, list[str]]:
    """Label and other names of a concept as the set of those sorted by it."""
    small = label if any(map(str.isupper, label[1:].split(" ")[0])) else label.lower()
    initials = "".join(word[0] for word in label.split() if word[0].isalpha()).upper()
    short = [initials, f"{initials}s"] if len(initials) > 2 else []
    if kind == SERVICE:
        base = small.removesuffix(" Service").removesuffix(" service")
        heads = ("offering", "providing", "that offer", "that provide")
        return f"{base} services", [f"{base} service", *(f"companies {head} {base} services" for head in heads)]
    if kind == f"{TBOX}SiteType":
        sites = [small.split(" ")[0] + " sites"] if " " in small else []
        return label, [f"{small[:-1]}ies" if small.endswith("y") else f"{small}s", *sites]
    return f"{small} companies", [label, f"{small}s", *short, f"{small} size companies", f"{small} enterprises"]


def _places(graph: Reader) -> list[str]:
    """Named features that are no sites; countries first, so that they keep their names, then populated places."""
    sites = set(graph.of(f"{ORG}Site"))
    found = [iri for iri in graph.of(f"{GEO}Feature") if iri not in sites and graph.one(iri, LABEL)]
    order = {f"{GEO}P": 1}
    return sorted(
        found, key=lambda iri: (0 if graph.all(iri, f"{GEO}featureCode") else order.get(graph.one(iri, f"{GEO}featureClass") or "", 2), iri)
    )


# --- Claims -----------------------------------------------------------------------------------------------------

Row = tuple[str, str, str, str, str, str]


def _claims(graph: Reader, made: Mapped) -> Iterator[Row]:
    label = {name: _said(made, name) for name in made.name_of.values()}

    def link(subject: str, predicate: str, value: str, verb: str, rest: str = "") -> Iterator[Row]:
        one, other = made.name_of.get(subject), made.name_of.get(value)
        if one and other and one != other:
            yield one, predicate, f"rdf:object {other} ; ", f"{label[one]} {verb} {label[other]}."[:500], rest, ""

    for flow, customer in graph.pairs(f"{ESN}customer"):
        for supplier in graph.all(flow, f"{ESN}supplier"):
            yield from link(customer, "suppliedBy", supplier, "is a customer of the supplier", _MUTUAL)
    for name, verb in (
        ("organizationType", "is of the company type"),
        ("size", "is of the size"),
        ("providesService", "offers the service"),
        ("siteType", "is a site of the type"),
    ):
        for subject, concept in graph.pairs(f"{TBOX}{name}"):
            yield from link(subject, name, concept, verb)
    for kind in graph.having(SUBCLASS, CONCEPT):
        for concept in graph.having(TYPE, kind):
            yield from link(concept, "memberOf", kind, "is one of the")
    yield from _where(graph, link)
    for person, paper in graph.pairs(f"{DBLP}authorOf"):
        year = graph.one(paper, f"{DBLP}yearOfPublication")
        yield from link(person, "authorOf", paper, "is author of the publication", f'agi:asOf "{year[:4]}" ; ' if year else "")
    for post, person in graph.pairs(f"{ORG}member"):
        for role in graph.all(post, f"{ORG}role"):
            yield from link(person, "memberOf", role, "is or was one of the", _during(graph, post))
        for company in graph.all(post, f"{ORG}organization"):
            yield from link(person, "chiefExecutiveOf", company, "is or was CEO of", _during(graph, post))
    yield from _figures(graph, made, label)


def _said(made: Mapped, name: str) -> str:
    line = next(line for line in made.lines if line.startswith(f"{name} a "))
    return str(json.loads(line.split("skos:prefLabel ", 1)[1].split("@en", 1)[0]))


def _where(graph: Reader, link: object) -> Iterator[Row]:
    assert callable(link)
    for company, site in graph.pairs(f"{ORG}hasRegisteredSite"):
        for place in _around(graph, site):
            yield from link(company, "basedIn", place, "has its headquarters in")
    for company, site in graph.pairs(f"{ORG}hasSite"):
        yield from link(site, "siteOf", company, "is a site of")
        for place in _around(graph, site):
            yield from link(site, "locatedIn", place, "is located in")
            yield from link(company, "hasSiteIn", place, "has a site in")
    for place, parent in graph.pairs(f"{GEO}parentFeature"):
        yield from link(place, "locatedIn", parent, "lies in")


def _around(graph: Reader, site: str) -> list[str]:
    """Where a site lies: the place named, the populated place and the country around it (being in a place is transitive)."""
    found: dict[str, None] = {}
    fresh = graph.all(site, f"{GEO}parentFeature")
    while fresh:
        found |= dict.fromkeys(fresh)
        fresh = [up for place in fresh for up in graph.all(place, f"{GEO}parentFeature") if up not in found]
    direct = set(graph.all(site, f"{GEO}parentFeature"))
    populated, coded = f"{GEO}P", f"{GEO}A.PCLI"
    return [
        p for p in found if p in direct or graph.one(p, f"{GEO}featureClass") == populated or coded in graph.all(p, f"{GEO}featureCode")
    ]


def _during(graph: Reader, post: str) -> str:
    rest = ""
    for interval in graph.all(post, f"{ORG}memberDuring"):
        for end, name in (("hasBeginning", "validFrom"), ("hasEnd", "validUntil")):
            for instant in graph.all(interval, f"{TIME}{end}"):
                date = graph.one(instant, f"{TIME}inXSDDateTime")
                rest += f'agi:{name} "{date[:10]}" ; ' if date else ""
    return rest


def _figures(graph: Reader, made: Mapped, label: dict[str, str]) -> Iterator[Row]:
    for observation, company in graph.pairs(f"{TBOX}observedEnterprise"):
        year, currency = graph.one(observation, f"{TBOX}accountingYear"), graph.one(observation, f"{TBOX}currency")
        for theirs, ours in METRICS.items():
            value = graph.one(observation, f"{TBOX}{theirs}")
            unit = "count" if ours == "employees" else UNITS.get(currency or "")
            if value is None or unit is None or company not in made.name_of:
                continue
            name, number = made.name_of[company], float(value)
            said = f"{number:.15g}" + ("" if unit == "count" else f" {unit}")
            spoken = re.sub(r"([A-Z])", r" \1", theirs).lower()
            statement = (
                f"The {spoken} of {label[name]} was {said}" + ("" if unit == "count" else f", given in {currency},") + f" in {year}."
            )
            yield (
                name,
                ours,
                f"agi:value {number!r} ; agi:unit agi:unit-{unit} ; agi:verbatim {json.dumps(said)} ; ",
                statement,
                f'agi:asOf "{year}" ; ' if year else "",
                observation,
            )


def _text(text: str) -> str:
    return f"{json.dumps(text, ensure_ascii=False)}@en"
