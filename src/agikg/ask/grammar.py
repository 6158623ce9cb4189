"""The question families: which wording asks for what. Patterns over the masked question, English and Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_E = r"§\d+"
_WHAT = (
    r"(?:what|who|which(?: [\w-]+)*?|whoever|list|show|name|give|tell|all|everything|everybody|anything|companies|entities|things|those)"
)
_FILL = r"(?:\b(?:please|me|us|the|a|an|of|all|that|which|what|it|is|are|do|does|did|we|you|i|can|could|would|exactly|currently|now|today|in|by|for|to|on|and|with|graph|according)\b ?)*"


class Family(NamedTuple):
    """A kind of question.

    Attributes:
        name: key of the family.
        entities: how many mentions it needs, least and most.
        cues: stems one of which its wording has; "" where any wording will do. Most families are ruled out by their
            cues before a pattern is compiled, which is what a start would otherwise spend its time on.
        patterns: regular expressions; a match anywhere in the masked question selects the family.
    """

    name: str
    entities: tuple[int, int]
    cues: tuple[str, ...]
    patterns: tuple[str, ...]

    def worded(self, masked: str) -> bool:
        """Whether a masked question has the wording of the family."""
        return any(cue in masked for cue in self.cues) and any(re.search(pattern, masked) for pattern in self.patterns)


def _family(name: str, entities: tuple[int, int], cues: str, *patterns: str) -> Family:
    filled = (pattern.replace("<E>", _E).replace("<WHAT>", _WHAT).replace("<FILL>", _FILL) for pattern in patterns)
    return Family(name, entities, tuple(cues.split()) or ("",), tuple(filled))


# In order of precedence: the first family that matches and has the entities it needs is taken.
FAMILIES: tuple[Family, ...] = (
    _family(
        "provenance", (1, 3),
        "know say said state claim report written where source evidence proof basis origin sure certain reliable confident trustworthy credible provenance 依据 来源 出处 证据 谁说 怎么知道 如何得知 哪里写 可信",
        r"^how (?:do|does|did|can) (?:we|you|one|anybody|the graph) know\b",
        r"^(?:who|which source|what source|which sources|what sources) (?:say|says|said|state|states|claim|claims|report|reports|reported)\b",
        r"\bwhere (?:is|was|does) (?:it|this|that)?\s*(?:be )?(?:written|stated|said|say|come from|printed)\b",
        r"^(?:where|what) (?:is|are) the (?:sources?|evidence|proof|basis|origin)\b",
        r"^how (?:sure|certain|reliable|confident|trustworthy|credible)\b",
        r"^(?:what|which) (?:evidence|proof|claims?|sources?)\b",
        r"^(?:evidence|sources?|proof|provenance|claims?) (?:for|of|that|about|on|behind)\b",
        r"\b(?:evidence|sources?|proof|provenance)$",
        r"(?:依据|来源|出处|证据|谁说|怎么知道|如何得知|哪里写|可信)",
    ),
    _family(
        "path", (2, 2),
        "connect relat link associat tie ties path chain route from 关系 关联 联系 连接 路径 相关 相连",
        r"\bhow (?:is|are|was|were|does|do) .*\b(?:connected|related|linked|relate|connect|associated|tied)\b",
        r"\b(?:connections?|paths?|links?|relations?|relationships?|chains?|routes?|ties?) (?:between|from|linking|connecting) <E>",
        r"\bwhat (?:connects|links|ties) <E>", r"^(?:connect|link) <E>", r"^<E> (?:and|to|vs) <E> (?:path|connection|relation|link)",
        r"^(?:path|connection|link|relation) <E> (?:and |to )?<E>", r"\bfrom <E> to <E>$",
        r"<E>(?:和|与|跟|同|到)<E>(?:之间)?(?:有什么|是什么|的|有何|怎么|如何|怎样)?.*(?:关系|关联|联系|连接|路径|相关|相连)",
    ),
    _family(
        "dependencies", (1, 1),
        "depend rel need requir draw hinge build rest input supplier necessary goes behind stands 依赖 依靠 需要 离不开 取决 需求 上游 供应商",
        r"^(?:what|who|which(?: [\w-]+)*) (?:does|do|did|is|are) <FILL><E> (?:\w+ly )?(?:depend|dependent|rely|reliant|need|require|draw|hinge|build|rest)\w*",
        r"<E> (?:\w+ly )?(?:depends|depend|relies|rely|hinges|rests|draws|is dependent|are dependent|is reliant) (?:up)?on (?:what|whom|who|which)\b",
        r"<E> (?:needs|need|requires|require) what\b",
        r"\b(?:dependencies|requirements|inputs|suppliers|needs) (?:of|for) <FILL><E>", r"^<E> (?:dependencies|requirements|inputs|needs)$",
        r"^(?:on )?(?:what|whom|which [\w-]+) (?:does|do) <FILL><E> (?:depend|rely)",
        r"\bwhat (?:is|are) (?:needed|required|necessary) (?:for|by) <FILL><E>",
        r"\bwhat (?:goes into|is behind|stands behind) <FILL><E>",
        r"<E>(?:主要|都|具体)?(?:依赖|依靠|需要|离不开|取决)(?:于|着)?(?:什么|哪些|谁|何|哪个|哪家)", r"<E>的(?:依赖|需求|依赖项|上游|供应商)(?:是什么|有哪些|是谁)?$",
        r"<E>(?:有|存在)(?:什么|哪些)依赖",
    ),
    _family(
        "dependents", (1, 1),
        "depend rel need requir hinge rest downstream cannot can't would used 依赖 依靠 需要 离不开 取决 下游",
        r"\b(?:depends?|depending|dependent|relies|rely|relying|reliant|hinges?|rests?) (?:up)?on <FILL><E>",
        r"^<WHAT> (?:needs?|requires?) <FILL><E>", r"^<WHAT>.* (?:needs?|requires?|need) <FILL><E>$",
        r"\b(?:dependents|downstream) (?:of|from|for) <FILL><E>", r"^<E> (?:dependents|downstream)$", r"^(?:dependents|downstream) <E>$",
        r"\b(?:needs|cannot (?:do|work|exist|be made|run) without|can't (?:do|work|exist|be made|run) without|would (?:stop|fail) without) <FILL><E>",
        r"\bis <FILL><E> (?:needed|required|relied on|used) (?:by|for)\b", r"\b<E> is (?:needed|required|relied upon|relied on) by (?:what|whom|who)",
        r"(?:什么|谁|哪些|哪家|哪个|有哪些|哪).*(?:依赖|依靠|需要|离不开|取决于)(?:于|着)?<E>", r"(?:依赖|依靠|离不开)(?:于|着)?<E>(?:的|有|$)",
        r"<E>被(?:谁|什么|哪些).*(?:依赖|依靠|需要)", r"^<E>(?:的)?(?:依赖|依赖者|依赖方|下游)(?:有哪些|是谁|是什么)?$", r"^依赖<E>$",
    ),
    _family(
        "history", (1, 1),
        "chang develop evol improv gr mov ris history timeline trend evolution course time 变化 历史 趋势 演变 走势",
        r"\bhow (?:did|has|have|does) .*\b(?:change|changed|develop|developed|evolve|evolved|improve|improved|grow|grown|move|moved|rise|risen)\b",
        r"\b(?:history|timeline|trend|evolution|development|course|change|changes) (?:of|in) .*<E>", r"<E> .*\b(?:history|timeline|over time|trend)\b",
        r"<E>.*(?:变化|历史|趋势|演变|走势)", r"(?:变化|历史|趋势|演变).*<E>",
    ),
    _family(
        "figure",
        (1, 2),
        "how share percent proportion fraction number amount value rate 多少 几 多大 多高 比例 多快",
        r"\bhow (?:much|many|high|low|large|big|long|fast|good|great|old)\b", r"\bwhat (?:share|percentage|percent|proportion|fraction|number|amount|value|rate)\b",
        r"(?:多少|几|多大|多高|比例|多快)",
    ),
    _family(
        "identity", (1, 1),
        "",
        rf"^(?:what|who|whos|what's|who's)(?: exactly)? (?:is|are|was|were|s) {_FILL}<E>$", r"^(?:tell me|tell us|what do you know|what does the graph know|what is known|describe|explain|define|info|information|facts|details)\b <FILL>(?:about )?<FILL><E>$",
        r"^what (?:does|do) <E> (?:mean|stand for)$", r"^(?:meaning|definition|description) (?:of )?<E>$", r"^<FILL><E>$", r"^show <FILL><E>$",
        r"^(?:什么是|谁是|何为|介绍(?:一下)?|说说|关于)<E>(?:的情况)?$", r"^<E>(?:是什么|是谁|是啥|是指什么|的情况|简介|介绍)$",
    ),
)  # fmt: skip


def candidates(masked: str, mentions: int) -> Iterator[Family]:
    """Families whose wording the question has and whose entities it brings, in order of precedence."""
    fitting = (family for family in FAMILIES if family.entities[0] <= mentions <= family.entities[1])
    return (family for family in fitting if family.worded(masked))


def worded(masked: str) -> Family | None:
    """The first family whose wording the question would have if one of its words were a name."""
    return next((family for family in FAMILIES if family.worded(masked)), None)
