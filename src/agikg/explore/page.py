"""One HTML file that opens offline: facts, positions, vis-network and our own page around them.

pyvis makes the network's data and options and brings vis-network's script; its template is not used: it links content
delivery networks in every mode and opens on a long physics run (``docs/explore.md``).
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from agikg._version import __version__
from agikg.dates import period
from agikg.errors import BadInput, NotFound
from agikg.explore import layout, writing
from agikg.explore.choice import MOST, Chosen, Subject, choose
from agikg.explore.facts import Facts, facts
from agikg.model.result import command_line
from agikg.views.lens import Lens

TEMPLATES = Path(__file__).parent / "templates"
# In this order they make up one script; each says in its first line what it holds.
SCRIPTS = ("words.js", "facts.js", "chain.js", "draw.js", "map.js", "panel.js", "lists.js", "export.js", "main.js")
LIBRARY = "templates/lib/vis-9.1.2/vis-network.min.js"
_WIDE, _NARROW = 320, 230
"""Most a card may take, by layers and by steps."""
_BAND = "policy"
"""The layer that stands above the others."""
_FEW = 60
"""Cards up to which a map has room for whole names."""
LANGUAGES = ("en", "zh")
MODES = ("around", "needs", "needed")
_TITLES = {"en": "China’s AGI value chain", "zh": "中国通用人工智能价值链"}
_DENIED, _LIFTED = {"en": "Without {}", "zh": "失去{}"}, {"en": "{} lifted", "zh": "解除{}"}
# What physics-free drawing needs; colours and curves come from the page.
_OPTIONS = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "nodes": {"chosen": False, "labelHighlightBold": False},
    "edges": {"selectionWidth": 0, "hoverWidth": 0.6, "chosen": {"label": False}, "endPointOffset": {"to": -1}},
    "interaction": {"hover": True, "dragNodes": False, "multiselect": False, "keyboard": False, "selectConnectedEdges": False},
}  # fmt: skip


class Page(NamedTuple):
    """A finished page.

    Attributes:
        html: the whole file.
        shown: how many entities stand on its map.
        total: how many it knows.
    """

    html: str
    shown: int
    total: int

    def save(self, file: str | Path) -> Path:
        """Writes the page; what was there before stays until the new one is complete.

        Raises:
            BadInput: the place cannot be written.
        """
        return writing.replace(file, self.html)

    def _repr_html_(self) -> str:
        from agikg.explore.notebook import framed

        return framed(self.html)


def page(lens: Lens, subject: Subject, *, lang: str = "en", mode: str = "around", most: int | None = None, site: str | None = None) -> Page:
    """The page of a subject.

    Args:
        lens: the graph in a scope; its date is the last of the page's date slider.
        subject: the whole chain, an entity, paths, or a scenario.
        lang: language of the interface at first.
        mode: of a page around an entity: around, needs or needed.
        most: cards on the map.
        site: address of the workbench that serves the page, ending in a slash: the page links back to it, and entities to their pages.

    Raises:
        BadInput: an unknown language or mode, or more than one subject.
        UnknownName, AmbiguousName, Refused: names that mean nothing here.
    """
    if lang not in LANGUAGES or mode not in MODES:
        raise BadInput(f"{lang!r}, {mode!r}: no such language or mode", hint=f"{', '.join(LANGUAGES)}; {', '.join(MODES)}")
    known = facts(lens)
    chosen = choose(lens, known, subject, most or MOST)
    data = known.data | {
        "story": chosen.story, "lang": lang, "mode": mode, "title": _title(lens, chosen, "en"), "titleZh": _title(lens, chosen, "zh"),
        "snapshot": lens.snapshot, "asOf": list(period(lens.scope.as_of)), "knownAt": lens.scope.known_at,
        "leftOut": lens.catalog.left_out(lens.scope), "command": _command(lens, chosen, lang),
        **({"site": site} if site else {}),
    }  # fmt: skip
    html = render(data, network(known, chosen.entities, chosen.steps), lang)
    return Page(html, len(chosen.entities), len(known.data["entities"]))


def _title(lens: Lens, chosen: Chosen, lang: str) -> str:
    story, label = chosen.story, lens.catalog.label
    names = [label(at, lang) for at in story.get("ends", ())]
    names += [_DENIED[lang].format(label(at, lang)) for at in story.get("denied", ())]
    names += [_LIFTED[lang].format(label(at, lang)) for at in story.get("lifted", ())]
    if "focus" in story:
        names = [label(story["focus"], lang)]
    return " · ".join([", ".join(names), _TITLES[lang]]) if names else _TITLES[lang]


def _command(lens: Lens, chosen: Chosen, lang: str) -> str:
    options = {name: value for name, value in chosen.command.items() if name != "words"}
    if lang != "en":
        options["lang"] = lang
    return command_line("explore", *chosen.command.get("words", ()), scope=lens.scope, options=options) + " -o page.html"


def network(known: Facts, entities: list[int], steps: Mapping[int, int] | None = None) -> dict[str, Any]:
    """Positions, lines and options of the map, as pyvis gives them to vis-network.

    ``steps`` puts entities into columns by the number of links from a start, instead of by layer.
    """
    from pyvis.network import Network  # type: ignore[import-untyped, unused-ignore]

    rows, layers = known.data["entities"], [row[0] for row in known.data["layers"]]
    width = _card_width(known, entities, _NARROW if steps else _WIDE)
    if steps:
        placed = layout.place(dict(steps), known.links, -1, width, stacked=False)
    else:
        band = layers.index(_BAND) if _BAND in layers else -1
        placed = layout.place({e: rows[e][4] for e in entities}, known.links, band, width)
    drawn = Network(directed=True)
    drawn.set_options(json.dumps(_OPTIONS))
    for entity, (x, y) in placed.at.items():
        drawn.add_node(entity, label=" ", x=x, y=y)
    for (start, end), links in _pairs(known, placed.at).items():
        drawn.add_edge(start, end, links=links)
    nodes, edges, *_, options = drawn.get_network_data()
    return {
        "nodes": [{key: node[key] for key in ("id", "x", "y")} for node in nodes],
        "edges": [{"id": index, **{key: edge[key] for key in ("from", "to", "links")}} for index, edge in enumerate(edges)],
        "options": json.loads(options) if isinstance(options, str) else options,
        "boxes": placed.boxes,
        "card": {"width": width, "height": layout.HEIGHT},
        "steps": bool(steps),
    }


def _card_width(known: Facts, entities: list[int], most: int) -> int:
    """Where there is room, cards are as wide as the longest of their names asks for."""
    if len(entities) > _FEW:
        return layout.WIDTH
    longest = max((len(known.data["entities"][entity][1]) for entity in entities), default=0)
    return max(layout.WIDTH, min(most, 96 + round(7.6 * longest)))


def _pairs(known: Facts, at: Mapping[int, Any]) -> dict[tuple[int, int], list[int]]:
    """One line for all links that lead from one entity to another: from what depends to what it needs."""
    groups, predicates = known.data["groups"], known.data["predicates"]
    found: dict[tuple[int, int], list[int]] = {}
    for index, row in enumerate(known.data["links"]):
        subject, object_ = row[0], row[2]
        turned = row[5] > 0 and groups[row[6]][0] == object_ and subject != object_ and predicates[row[1]][6]
        start, end = (object_, subject) if turned else (subject, object_)
        if start != end and start in at and end in at:
            found.setdefault((start, end), []).append(index)
    return found


def render(data: Mapping[str, Any], drawn: Mapping[str, Any], lang: str) -> str:
    """The file, from data that may say anything: it enters packed, which is no markup, and is shown as text."""
    from jinja2 import Environment, FileSystemLoader
    from markupsafe import Markup

    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    style, script, library = (TEMPLATES / "page.css").read_text("utf-8"), own_script(), vis_network()
    return environment.get_template("page.jinja").render(
        lang="zh-Hans" if lang == "zh" else "en", version=__version__, title=data["titleZh" if lang == "zh" else "title"],
        site=data.get("site"),
        policy=Markup(policy(style, script, library)), style=Markup(style), script=Markup(script), library=Markup(library),
        facts=packed(data), network=packed(drawn),
    )  # fmt: skip


def packed(data: object) -> str:
    """JSON in gzip in base64: a third of its size, equal for equal data, and nothing that a browser could read as markup."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    # A lone surrogate has no UTF-8; JSON can carry it escaped.
    text = re.sub("[\ud800-\udfff]", lambda match: f"\\u{ord(match[0]):04x}", text)
    return base64.b64encode(gzip.compress(text.encode("utf-8"), mtime=0)).decode("ascii")


def policy(style: str, *scripts: str) -> str:
    """What the browser may do with the page: run these scripts, use this style, make pictures of its own; reach nothing."""
    allowed = " ".join(_hash(script) for script in scripts) or "'none'"
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_hash(style)}; img-src data: blob:; "
        "connect-src 'none'; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@lru_cache(maxsize=1)
def own_script() -> str:
    """Our modules as one script with a scope of its own; without indents, which nobody reads there (no text spans lines)."""
    parts = ["\n".join(map(str.lstrip, (TEMPLATES / name).read_text("utf-8").splitlines())) for name in SCRIPTS]
    return "(async () => {\n'use strict';\n" + "\n".join(parts) + "})();\n"


@lru_cache(maxsize=1)
def vis_network() -> str:
    """vis-network as pyvis brings it; read where it is installed, never copied into this project.

    Raises:
        NotFound: pyvis is not installed, or not the version that is required.
    """
    found = find_spec("pyvis")
    file = Path(found.origin).parent / LIBRARY if found and found.origin else None
    if file is None or not file.is_file():
        raise NotFound(f"vis-network is not where pyvis 0.3.2 has it ({LIBRARY})", hint="pip install pyvis==0.3.2")
    text = file.read_text("utf-8")
    return re.sub(r"^//# sourceMappingURL=.*$", "", text, flags=re.MULTILINE).replace("</script", "<\\/script")
