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
        if not any(cue in masked for cue in self.cues):
            return False
        return any(re.search(pattern, masked) for pattern in self.patterns if _may_match(pattern, masked))


def _may_match(pattern: str, masked: str) -> bool:
    """False where a pattern begins or ends with a mention and the question does not: what a start need not compile."""
    ends, begins = pattern.endswith(f"{_E}$"), pattern.startswith(f"^{_E}")
    return not (ends and not masked[-1:].isdigit()) and not (begins and not masked.startswith("§"))


def _family(name: str, entities: tuple[int, int], cues: str, *patterns: str) -> Family:
    filled = (pattern.replace("<E>", _E).replace("<WHAT>", _WHAT).replace("<FILL>", _FILL) for pattern in patterns)
    return Family(name, entities, tuple(cues.split()) or ("",), tuple(filled))


_GONE = r"(?:stop|stopp|cut|disappear|vanish|unavailab|gone|bann|den(?:y|ied)|lost|lose|fail|lift|remov|repeal|collaps|shut|sanction|block|halt|restrict|end|ceas|drop|exit|withdraw|rescind|embargo|interrupt|break|out of|no longer|refus|reloc|suspend|were not|was not|didn't|did not|without|not exist|unavailable|offline|switch|taken|leav|left|walk|pull|away|cease|stuck|go(?:es)? (?:down|bust|under|dark)|went)\w*"

# In order of precedence: the first family that matches and has the entities it needs is taken.
FAMILIES: tuple[Family, ...] = (
    _family(
        "disagreement", (0, 3),
        "disagree contest contradict conflict disput supersed inconsisten diverg discrepan overtaken outdated 矛盾 分歧 争议 冲突 不一致 取代",
        r"\b(?:disagree|contest|contradict|conflict|disput|supersed|inconsisten|diverg|discrepan|overtaken|outdated)\w*", r"(?:矛盾|分歧|争议|冲突|不一致|被取代)",
    ),
    _family(
        "gaps", (1, 1),
        "know unknown gap missing blind lack 不知道 未知 缺口 空白 不了解",
        r"\b(?:not|n't|doesn t|don t) know\b.*<E>", r"\b(?:unknown|gaps?|blind spots?|missing information|missing)\b.*\b(?:about|on|of|for|in) <FILL><E>", r"\bwhat is missing\b.*<E>",
        r"<E>.*(?:不知道|未知|缺口|空白|不了解)", r"(?:不知道|未知|空白|不了解).*<E>",
    ),
    _family(
        "whatif", (1, 6),
        "gone switched sanctioned pull shut stops down if happen without when once had take effect 下线 倒闭 los suppos imagin cut ban lift remov deni outage impact consequence effect 如果 假如 要是 若 倘若 一旦 万一 断供 失去 解除 取消 没有 停",
        r"\bwhat (?:if|happens?|would happen|will happen|would stop|would fail|would break|stops|breaks|fails|would be affected|is affected|would we lose)\b.*<E>",
        rf"^(?!why|(?:since )?when (?:did|was|were|is|has|had|will|do|does)).*\b(?:if|when|once|suppose|supposing|imagine|assuming|should|were)\b.*<E>.*\b{_GONE}", rf"^(?!why|(?:since )?when (?:did|was|were|is|has|had|will|do|does)).*\b(?:if|when|once|suppose|supposing|imagine|assuming)\b.*\b{_GONE}.*<E>", r"\bwere <E> to be\b",
        r"\b(?:losing|loss of|removal of|outage (?:of|at)|denial of|denying|ban (?:on|of)|banning|embargo on|cutting off|cut off|lifting|repeal of|withdrawal of|end of|shutdown of|disruption (?:of|at)) <FILL><E>",
        r"^(?!why).*<E> (?:is |are |were |was |got |gets |being )?(?:gone|switched off|sanctioned|cut off|shut down|unavailable|offline)\b(?! [a-z]+-)", r"\bwhat (?:stops|goes down|fails|breaks|falls)\b", r"^(?!.*\b(?:cannot|can't|can not)\b).*\bwithout <FILL><E>", r"\b(?:impact|effect|consequences?) of <FILL><E> (?:being|becoming|going)", r"^had <E>.*\b(?:stopped|failed|been)\b", r"\btake <E> (?:away|out|off|down)", r"<E>(?:下线|停|断|倒闭)", r"没有<E>", r"^(?!.*\b(?:cannot|can't|can not)\b).*\b(?:survives?|goes? on|continues?|still works?|keep running|still run|be made|operate) without <FILL><E>",
        r"(?:如果|假如|要是|倘若|一旦|若|假设|万一).*<E>", r"<E>.*(?:断供|拿不到|退出|倒闭|停产|被禁|被封|失去|解除|取消|中断|没有了).*(?:会|影响|怎|后果|哪些|什么)", r"(?:失去|没有|解除|取消)(?:了|对)?<E>.*(?:会|影响|怎|后果|哪些|什么)",
    ),
    _family(
        "chokepoints", (0, 2),
        "choke cut single critical weakest linchpin bottleneck indispensab 卡脖子 咽喉 单点 关键节点 最关键",
        r"\b(?:choke ?points?|single (?:points? of failure|item|entity|supplier|input|company) (?:could|can|would|that)|single points? of failure|minimal cut sets?|cut sets?|critical (?:nodes?|entit\w+|dependenc\w+|suppliers?|inputs?)|most critical|weakest links?|linchpins?|most indispensable)\b",
        r"\bbiggest (?:bottlenecks?|vulnerabilit\w+) in the (?:chain|graph|value chain|supply chain)\b", r"(?:卡脖子|咽喉|单点故障|关键节点|最关键)",
    ),
    _family(
        "alternatives", (1, 4),
        "alternativ substitut replac instead swap fall besides apart other aside stand 替代 备选 代替 取代 除了",
        r"\b(?:alternatives?|substitutes?|replacements?) (?:to|for|of|does|do|has|have|is|are|exist)\b", r"\b(?:replace|substitute|instead of|in place of|stand in for|take the place of|swap)\b",
        r"<E> (?:alternatives?|substitutes?|replacements?)$", r"(?:替代|备选|代替)", r"\b(?:besides|apart from|other than|aside from) <FILL><E>", r"\bother (?:fabrication |manufacturing |supply )?(?:route|way|source|option)s?\b", r"除了<E>",
        r"\bstand in for\b",
    ),
    _family(
        "compare", (2, 2),
        "compar versus vs differ contrast better 比较 对比 区别 不同 相比 差异 差距",
        r"^(?:compare|contrast)\b", r"\b(?:compare|compares|compared|versus|vs|differences?|differs?|contrast|contrasts)\b", r"(?:比较|对比|区别|不同|相比|差异|差距)",
    ),
    _family(
        "provenance", (0, 3),
        "know say said state claim report written where source evidence proof basis origin sure certain reliable confident trustworthy credible provenance whose whom solid founded independent reckon hold 依据 来源 出处 证据 谁说 怎么知道 如何得知 哪里写 可信",
        r"^how (?:do|does|did|can) (?:we|you|one|anybody|the graph) know\b",
        r"^(?:who|which source|what source|which sources|what sources) (?:say|says|said|state|states|claim|claims|report|reports|reported)\b",
        r"\bwhere (?:is|was|does) (?:it|this|that)?\s*(?:be )?(?:written|stated|said|say|come from|printed)\b", r"^where\b.*\b(?:mentioned|written|stated|printed|discussed)$",
        r"^(?:where|what) (?:is|are) the (?:sources?|evidence|proof|basis|origin)\b",
        r"^how (?:sure|certain|reliable|confident|trustworthy|credible|solid|firm|well founded|well sourced)\b",
        r"^(?:on|by) whose (?:word|account|authority|say so|testimony)\b", r"^according to (?:whom|what source|which source)\b", r"\baccording to (?:whom|what source|which source)$",
        r"\bindependently (?:confirmed|established|verified|proven|checked)\b", r"^who (?:reckons|holds|maintains|argues|asserts) (?:that\b|<E>)",
        r"^(?:what|which) (?:evidence|proof|claims?|sources?)\b",
        r"^(?:evidence|sources?|proof|provenance|claims?) (?:for|of|that|about|on|behind)\b",
        r"\b(?:evidence|sources?|proof|provenance)$",
        r"(?:依据|来源|出处|证据|谁说|怎么知道|如何得知|哪里写|可信)",
    ),
    _family(
        "path", (2, 2),
        "connect relat link associat tie ties path chain route from with back reach affect touch hang join thread story detour stage bridge lead 关系 关联 联系 连接 路径 相关 相连 隔着 扯上 牵连 挂钩 搭上",
        r"\bhow (?:is|are|was|were|does|do) .*\b(?:connected|related|linked|relate|connect|associated|tied)\b",
        r"\b(?:connections?|paths?|links?|relations?|relationships?|chains?|routes?|ties?) (?:between|from|linking|connecting) <E>",
        r"\b(?:come|comes|came) into contact with <E>",
        r"\bwhat (?:connects|links|ties|joins|binds|unites) <E>", r"<E>.*\bwhat (?:connects|links|ties|joins|binds) (?:the two|them|both)\b", r"\bhow (?:do|does|did) <E> and <E> (?:hang together|fit together|connect)\b",
        r"<E> (?:possibly |really |actually )?(?:got |have |has )?(?:possibly |really )?to do with <E>", r"\b(?:threads?|bridges?|lines?|trails?) (?:\w+ )?(?:running |leading |that (?:runs|leads|goes) )?(?:from|between) <E>", r"\b(?:the story|what is there|what's there) between <E> and <E>", r"^(?:by what|what) (?:route|path|chain)\b.*<E>.*<E>", r"\bhow (?:do|does|did) <E> come into the (?:story|picture) of <E>", r"^(?:connect|link) <E>", r"^<E> (?:and|to|vs) <E> (?:path|connection|relation|link)",
        r"^(?:path|connection|link|relation) <E> (?:and |to )?<E>", r"\bfrom <E> to <E>$", r"<E> <E> (?:connection|link|path|relation|relationship)s?$", r"<E>.*\b(?:lead|leads|trace|traces|go|goes) back to <E>", r"\bhow (?:do|does|did)? ?<E> (?:reach|reaches|affect|affects|touch|touches|get to|link to|links to) <E>",
        r"<E>(?:和|与|跟|同|到)<E>(?:之间|中间)?(?:有什么|是什么|的|有何|怎么|如何|怎样)?.*(?:关系|关联|联系|连接|路径|相关|相连)", r"<E>.*(?:怎么|如何|怎样|是凭什么)(?:和|与|跟|同)<E>.*(?:关系|扯上|联系|挂钩|搭上|连)", r"^从?<E>(?:和|与|跟|到)<E>,?(?:之间|中间)(?:隔着|经过|要经过|怎么走)",
    ),
    _family(
        "dependencies", (1, 1),
        "upstream depend rel need requir draw hinge build rest input supplier necessary goes behind stands 依赖 依靠 需要 离不开 取决 需求 上游 供应商",
        r"^(?:what|who|which(?: [\w-]+)*) (?:does|do|did|is|are) <FILL><E> (?:\w+ly )?(?:depend|dependent|rely|reliant|need|require|draw|hinge|build|rest)\w*",
        r"<E> (?:\w+ly )?(?:depends|depend|relies|rely|hinges|rests|draws|is dependent|are dependent|is reliant) (?:up)?on (?:what|whom|who|which)\b",
        r"<E> (?:needs|need|requires|require) what\b",
        r"\b(?:dependencies|requirements|inputs|suppliers|needs) (?:of|for) <FILL><E>", r"^<E> (?:dependencies|requirements|inputs|needs)$",
        r"\bupstream (?:of|from) <FILL><E>", r"\b(?:inputs?|dependencies) (?:that )?(?:the )?<E> (?:\w+ ){0,3}(?:needs?|requires?)\b", r"\bwhat <E> (?:needs?|requires?|depends? on|rel(?:y|ies) on)\b",
        r"^(?:on )?(?:what|whom|which [\w-]+) (?:does|do) <FILL><E> (?:depend|rely)",
        r"\bwhat (?:is|are) (?:needed|required|necessary) (?:for|by) <FILL><E>",
        r"\bwhat (?:goes into|is behind|stands behind) <FILL><E>",
        r"<E>(?:主要|都|具体)?(?:依赖|依靠|需要|离不开|取决)(?:于|着)?(?:什么|哪些|谁|何|哪个|哪家)", r"<E>的(?:依赖|需求|依赖项|上游|供应商)(?:是什么|有哪些|是谁)?$",
        r"<E>(?:有|存在)(?:什么|哪些)依赖",
    ),
    _family(
        "dependents", (1, 1),
        "hang exposed drag depend rel need requir hinge rest downstream cannot can't would used 依赖 依靠 需要 离不开 取决 下游",
        r"\b(?:depends?|depending|dependent|relies|rely|relying|reliant|hinges?|rests?) (?:up)?on <FILL><E>",
        r"^<WHAT> (?:needs?|requires?) <FILL><E>", r"^<WHAT>.* (?:needs?|requires?|need) <FILL><E>$",
        r"\b(?:hangs?|hanging) on <FILL><E>", r"\b(?:exposed|exposure) to <FILL><E>", r"\b(?:dragged|pulled|brought) down (?:by|with) <FILL><E>", r"^by (?:whom|what|which \w+) (?:is|are) <FILL><E> (?:relied (?:up)?on|needed|used|required)\b",
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
        "when", (0, 4),
        "when since year date long ago month 何时 什么时候 哪年 哪一年 几时 时间",
        r"^(?:since |until |from |by )?when\b", r"\b(?:since|from|until) when\b", r"\b(?:in )?(?:which|what) (?:year|month|date|quarter|day)\b", r"(?:何时|什么时候|哪年|哪一年|几时|哪个月)",
    ),
    _family(
        "verify", (0, 5),
        "is are was were do does did has have had can could will true correct right case 是否 是不是 有没有 吗 对不对 真的",
        r"^(?:is it (?:true|correct|right|the case|accurate|a fact) (?:that|to say)|true or false|is it true|correct that|right that|can (?:you|we) confirm|verify|check whether|is it so that)\b",
        r"^(?:is|are|was|were|do|does|did|has|have|had|can|could|will)\b", r"\b(?:right|correct|true|isn t it|is that so)$", r"(?:是否|是不是|有没有|吗$|对不对|真的)",
    ),
    _family(
        "list", (0, 2),
        "list name enumerat member who which what all belong 列出 成员 有哪些 包括 哪些",
        r"^(?:please )?(?:list|enumerate|name)\b", r"\bmembers? of\b", r"^(?:who|what|which(?: [\w-]+)*) (?:are|is|belongs? to|makes? up|counts? among|is part of|are part of|are in|is in) <FILL><E>$", r"<E> members?$",
        r"(?:列出|成员)", r"<E>(?:都|分别|一共)?(?:有|是|包括|包含|指)(?:的是)?(?:哪些|哪几家|哪几个|哪几)(?:公司|企业|成员)?$", r"^有?哪些",
    ),
    _family(
        "figure",
        (0, 4),
        "how share percent proportion fraction number amount value rate 多少 几 多大 多高 比例 多快",
        r"\bhow (?:much|many|high|low|large|big|long|fast|good|great|old)\b", r"\bwhat (?:share|percentage|percent|proportion|fraction|number|amount|value|rate)\b",
        r"(?:多少|(?<!哪)几|多大|多高|比例|多快)",
    ),
    _family(
        "identity", (1, 1),
        "",
        rf"^(?:what|who|whos|what's|who's)(?: exactly)? (?:is|are|was|were|s) {_FILL}<E>$", r"^(?:tell me|tell us|what do you know|what does the graph know|what is known|describe|explain|define|info|information|facts|details)\b <FILL>(?:about )?<FILL><E>$",
        r"^what (?:does|do) <E> (?:mean|stand for|refer to)$", r"\bwhat (?:is|are) meant by <FILL><E>$", r"^(?:what is )?(?:the )?(?:meaning|idea|point|concept|definition) (?:of|behind) <FILL><E>$", r"^(?:meaning|definition|description) (?:of )?<E>$", r"^<E> (?:meaning|definition|description|explained)$", r"^<FILL><E>$", r"^show <FILL><E>$",
        r"^(?:什么是|谁是|何为|何谓|介绍(?:一下)?|说说|关于|解释(?:一下)?)<E>(?:的情况|的意思)?$", r"^<E>(?:是什么|是谁|是啥|是指什么|指什么|指的是什么|是什么意思|什么意思|的情况|简介|介绍)$",
    ),
)  # fmt: skip


def candidates(masked: str, mentions: int) -> Iterator[Family]:
    """Families whose wording the question has and whose entities it brings, in order of precedence."""
    fitting = (family for family in FAMILIES if family.entities[0] <= mentions <= family.entities[1])
    return (family for family in fitting if family.worded(masked))


def worded(masked: str) -> Family | None:
    """The first family whose wording the question would have if one of its words were a name."""
    return next((family for family in FAMILIES if family.worded(masked)), None)
