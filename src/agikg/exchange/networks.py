"""The graph for network tools: GraphML (yEd, Cytoscape, igraph) and GEXF (Gephi). Knows a networkx graph, no store."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import networkx

# What XML 1.0 cannot hold at all, escaped or not.
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def graphml(graph: networkx.MultiDiGraph[str]) -> bytes:
    """GraphML; lists become texts parted by ``|``."""
    import networkx as nx

    out = io.BytesIO()
    nx.write_graphml(_plain(graph), out, named_key_ids=True)
    return out.getvalue()


def gexf(graph: networkx.MultiDiGraph[str], snapshot: str) -> bytes:
    """GEXF 1.2; says which snapshot it shows instead of when it was written, so that equal graphs are equal files."""
    import networkx as nx
    from networkx.readwrite.gexf import GEXFWriter

    plain = _plain(graph)
    for _, _, key, data in plain.edges(keys=True, data=True):
        data["label"] = data.get("reading", key)
    numbered: networkx.MultiDiGraph[str] = nx.MultiDiGraph()
    numbered.add_nodes_from(plain.nodes(data=True))
    for number, (start, end, data) in enumerate(plain.edges(data=True)):
        numbered.add_edge(start, end, id=number, **data)
    writer = GEXFWriter(encoding="utf-8", prettyprint=True, version="1.2draft")
    writer.add_graph(numbered)
    for meta in writer.xml.iter("meta"):
        meta.attrib.pop("lastmodifieddate", None)
        for child in list(meta):
            meta.remove(child)
        description = meta.makeelement("description", {})
        description.text = f"agikg snapshot {snapshot}"
        meta.append(description)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _plain(graph: networkx.MultiDiGraph[str]) -> networkx.MultiDiGraph[str]:
    """A copy whose attributes are texts, numbers and truth values."""
    import networkx as nx

    plain: networkx.MultiDiGraph[str] = nx.MultiDiGraph()
    for node, data in graph.nodes(data=True):
        plain.add_node(clean(node), **_attributes(data))
    for start, end, key, data in graph.edges(keys=True, data=True):
        plain.add_edge(clean(start), clean(end), key=str(key), **_attributes(data))
    return plain


def _attributes(data: dict[str, Any]) -> dict[str, Any]:
    return {name: _scalar(value) for name, value in data.items() if value is not None and value != () and value != []}


def _scalar(value: Any) -> Any:
    if isinstance(value, bool | int | float):
        return value
    return clean("|".join(map(str, value)) if isinstance(value, list | tuple) else str(value))


def clean(text: str) -> str:
    """The text without the characters that XML cannot hold (the checks keep them out of the graph)."""
    return _NOT_IN_XML.sub("\ufffd", text)
