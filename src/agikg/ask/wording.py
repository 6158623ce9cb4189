"""The wording of a question outside the grammar of the families: what it takes for granted, asks for, or only says to be polite."""

from __future__ import annotations

import re
from functools import cache

_LEADING = r"""
(?:hi|hello|hey|excuse me|sorry|ok|okay|well|so|and|now|please|kindly|just|also)[,!.]?\s+
(?:could|can|would|will) you (?:please |kindly |perhaps |maybe |quickly )?(?:tell|show|remind|inform|explain to|let) (?:me|us)(?: know)?(?: about)?\s+
would you (?:mind|be so kind as to|be able to) (?:telling|tell|showing|show) (?:me|us)\s+
(?:i|we)(?:'d| would|'m| am| was| were|'ve been)? (?:really |just |also )?(?:like|love|want|wanted|need|needed|trying|interested|curious|wondering|wonder)(?: to know| to learn| to understand| to find out| to hear| to see| in| about| on)?\s+
(?:do|does) (?:you|anyone|anybody|we) (?:happen to )?know\s+
as (?:an? )?[\w -]{3,40}? (?:i ask|i wonder|i want to know|i need to know)[:,]?\s+
(?:any idea|no idea|remind me|tell me|tell us|let me know|let me ask(?: plainly)?:?|my question is|the question is|quick question:?|question:)\s+
(?:according to|in) (?:the |this |your )?(?:whitepaper|paper|report|text|document|graph|authors?)(?: from \w+)?,?\s+
(?:as far as (?:you|we|the graph) know(?:s)?|in your data|per the (?:paper|report|whitepaper)|looking ahead to \d{4}|looking back|in (?:plain|simple|other|a few) (?:words|terms)|in a nutshell|on the whole|in general|exactly|actually|basically),?\s+
"""
_ANYWHERE = r"""
,? (?:according to|in|as per|per) (?:the |this |your )(?:whitepaper|paper|report|text|document|graph|authors?)\b
,? (?:please|thanks|thank you|exactly|roughly|approximately|if (?:you|one) (?:know|please)|if the latest report is to be believed|to be precise|by any chance|as of now|at the moment|these days|right now|so far|again|really|actually|currently|apparently|all in all|in total|altogether)\b
"""
_OPENERS = frozenset((
    "hi", "hello", "hey", "excuse", "sorry", "ok", "okay", "well", "so", "and", "now", "please", "kindly", "just", "also", "could", "can",
    "would", "will", "i", "we", "do", "does", "as", "any", "no", "remind", "tell", "let", "my", "the", "question", "quick", "according",
    "in", "per", "looking", "on", "exactly", "actually", "basically",
))  # fmt: skip
"""The first words of what leads a question."""
_FILLERS = (
    "according", "in ", "per ", "please", "thank", "exact", "rough", "approx", "if ", "precise", "chance", "now", "moment", "days", "so far",
    "again", "really", "actual", "current", "apparent", "all in all", "altogether",
)  # fmt: skip
"""Parts of words one of which every filler has."""
_CHINESE = "请问|请|麻烦|我想知道|想知道|我想了解|想了解|能不能|能否|可否|告诉我|告诉|帮我|查一下|看一下|一下|大概|大约|差不多|目前|现在|如今|当前|到底|究竟|一共|总共|已经|根据白皮书|据白皮书|白皮书里|白皮书中|报告里|报告中|文中|具体|主要|分别|呢|呀|啊|吧"


_PATTERNS = {
    # asks for a figure
    "counted": r"\b(?:how (?:many|much|large|big|high|low|fast)|number of|what (?:did|does|do|would) .* cost|what (?:is|was) the (?:cost|price)|(?:what|which) (?:share|percentage|percent|proportion|fraction|portion|slice|part of|number|sum|amount|multiple)|(?:what|which) \S+ rate|(?:annual|yearly|what|which) (?:pace|rate)|how (?:long|old|far|often|good|bad|expensive|cheap))\b|多少|(?<!哪)几(?:个|家|款|位|座|种|年|倍|成|台|块|期)|多大|多高|多久|多长|百分之几|占比|比例|多快",
    # asks for a sum of money, for a share, for a number of things
    "money": r"\b(?:how much (?:money|(?:do|does|did|would|will) .* (?:cost|pay|spend|invest|charge))|(?:what|which) (?:sum|price|fee|fine)|yuan|dollars?|rmb|cny|usd)\b|多少(?:钱|元|美元|人民币|资金)|亿元|美元",
    "shares": r"\b(?:share|percentage|percent|proportion|fraction|portion|slice)\b|百分之|占比|比例|几成",
    "many": r"\b(?:how many|number of)\b|多少(?:个|家|款|台|座|块|人|名|种|项|条|张|片|卡)|几(?:个|家|款|位|座|种|台|块|项)",
    # asks for things of a kind
    "which": r"^(?:which|what) (?!(?:s|the|an?|is|are|was|were|does|do|did|has|have|share|percentage|proportion|number|rate)\b)|^(?:list|name) |哪些|哪几|哪家|哪款",
    # says that something is not so
    "negative": r"\b(?:not|no|never|nor|neither|nobody|nothing|yet to|without)\b|n't\b|没有|尚未|未|不",
    # asks for what is to come, as a claim may expect it
    "coming": r"^will\b|\bwhen will\b|\bgoing to\b|下一步|明年|将来|未来会",
    # says of what it is about that it is not so
    "denying": r"\b(?:is|are|was|were|has|have|had|does|do|did|could|can) (?:not|no)\b|\bcannot\b|n't\b|\bno longer\b|没有|尚未",
    # joins what may be told one by one
    "either": r"\b(?:or|and|versus|vs|to|from|between)\b|[和与及或到]|还是",
    # asks for what is weakened as well as for what stops
    "affected": r"\b(?:affect|weaken|hit|hurt|impact|suffer|influenc|damag)|影响|受损|波及|牵连",
    # asks for names
    "naming": r"\bnames? of\b|\bby name\b|^name\b|叫什么|名字|名称|名单",
    # asks for a place
    "place": r"^(?:in )?where (?:is|are|was|were|will|can)\b(?!.*\b(?:in use|used|deployed|applied|written|stated|said|chokepoints?)\b)|^(?:in )?where\b.*\b(?:located|based|headquartered|situated|found|sit|lie|seat|offices?|headquarters|address)s?\b|(?<!用)(?<!问题)(?<!瓶颈)(?<!瓶颈点)(?:在|是|于)?(?:哪里|哪儿)|在哪(?!些|个|家|几)",
    # asks for yes or no
    "whether": r"^(?:is|are|was|were|do|does|did|has|have|had)\b|是否|是不是|吗",
    # asks for a date
    "dating": r"^(?:since |from |until |by )?when\b|\b(?:in|on|at|by|from|since) (?:what|which) (?:year|date|day|month|quarter)\b|^(?:what|which) (?:year|date|day|month)\b|哪一?(?:年|天|日|个?月)|何时|什么时候|几月|几号",
    # asks whether one depends on another
    "depends": r"§0 .*\b(?:depends?|dependent|rel(?:y|ies)|reliant|hinges?)\b.*§1|§0.*(?:依赖|离不开|取决于).*§1",
    # asks why
    "reason": r"^(?:why|how come)\b|为什么|为何",
    # takes for granted that it is so
    "presuming": r"^(?:why|when|where|since when|how did|(?:in|on|at) (?:what|which) (?:year|date|day|month|time))\b|^(?:which|what)\b.*\b(?:has|have|did)\b.*\b(?:passed?|adopt(?:ed)?|enact(?:ed)?|approved?|buil[dt]|won|win)$|^what (?:made|makes|moved|explains|drove|prompted)\b|^explain\b|^quote\b|^where (?:in|does) the \w+|^in (?:what|which)\b|\balready\b|^(?:which|what|who|whose)\b.*\bconfirmed\b|为什么|为何|何时|什么时候|哪里|哪一?年|哪(?:份|次|篇|场)|生效日期",
    # asks for a judgement, a forecast or a favour
    "opinion": r"\b(?:should (?:i|we|my)|do you (?:think|believe|feel|like)|your (?:opinion|view|favou?rite|guess)|what do you think|recommend|advise|who (?:will|is going to) win|^(?:please )?(?:predict|forecast)\b|is it (?:good|bad|wise|ethical)|tell me a joke|write (?:me )?(?:a|an)|translate|are you|who are you|what are you|can you help|morally|ethically|personally|acceptable|good idea)\b|你觉得|你认为|应该买|推荐|^预测|写一|翻译|你是谁|哪个更好",
    # is about things that no value chain has
    "elsewhere": r"\b(?:weather|temperature|(?:python|javascript|java|excel) (?:function|code|script|formula|program)|will it rain|(?:share|stock) prices?|stocks?(?= (?:go|rise|fall|market|today|now|tip|pick))|shares? now|buy .* (?:stock|shares)|invest in .* (?:stock|shares)|recipe|restaurant|dumplings?|hotel|movie|film (?:star|director|festival)|song|poem|limerick|(?<!\d )sonnet|joke|capital of|world cup|football|president of|horoscope|lottery|bitcoin|flight|train ticket)\b|天气|气温|下雨|下雪|股票|股价|诗|红烧|火锅|菜谱|餐厅|旅游|电影|酒店|机票|首都",
    # sets things side by side
    "comparing": r"\b(?:compar\w*|versus|vs|differ\w*|contrast\w*|than|or|each|apart|against|respectively)\b|各|分别|对比|比较|相比|更|相差|不同|区别",
    # says which of two is the greater
    "ranking": r"\b(?:(?P<less>(?:smaller|less|fewer|lower|worse|weaker|slower)\b(?=.*\bthan\b)|behind|below|lag\w*|trail\w*|inferior|(?:outperform|exceed|surpass)ed by)|(?P<more>(?:larger|bigger|greater|higher|more|better|stronger|faster)\b(?=.*\bthan\b)|ahead|above|exceed\w*|outpac\w*|outrun\w*|outperform\w*|surpass\w*|beats?|overtak\w*))\b",
    # asks for what is to come
    "future": r"\b(?:will|going to|next (?:year|month|round|decade))\b|下一步|明年|将来|未来会",
    # has a control lifted
    "lifting": r"\b(?:regain|lift|remov|repeal|withdraw|rescind|abolish|revok|end(?:s|ed)?\b|eas|relax|drop|suspend|waiv)|解除|取消|放松|放宽|撤销|废除|重新(?:获|得|允许|使用|开放)",
    # asks what sits in a layer
    "sits": r"\b(?:in|within|at|of) (?:the )?[\w-]+ layer\b.*|\bsits?\b|\blies?\b",
    # names a thing only by its kind
    "vague": r"^(?:who|what|when|where|how|does|is|are|did)\b[^§]*\b(?P<pronoun>its|their|his|her|it)\b(?! (?:true|possible|the case|clear|correct|said))|\bthe (?P<noun>fund|cluster|guidelines|framework|plan|incubator|platform|series|report|controls?|law|standard)\b(?! (?:of|for|on|in|that|which|by)\b)|这个(?:基金|集群)|集群里",
}

# Wordings that every question is looked at for: most have none of these, and spare a start the compilation.
_CUES = {
    "opinion": (
        "should", "you", "win", "predict", "forecast", "recommend", "advise", "good", "bad", "wise", "ethic", "joke", "write", "translate",
        "moral", "personal", "accept", "觉得", "认为", "应该", "推荐", "预测", "翻译", "写一", "更好",
    ),
    "elsewhere": (
        "weather", "temperature", "price", "stock", "share", "recipe", "restaurant", "dumpling", "hotel", "movie", "film", "song", "poem",
        "limerick", "sonnet", "joke", "capital of", "cup", "football", "president of", "horoscope", "lottery", "bitcoin", "flight", "ticket",
        "天气", "气温", "股", "诗", "红烧", "火锅", "菜谱", "餐厅", "旅游", "电影", "酒店", "机票", "首都",
    ),
    "naming": ("name", "叫", "名"),
    "ranking": (
        "than", "behind", "below", "lag", "trail", "inferior", "ahead", "above", "exceed", "outp", "outrun", "surpass", "beat", "overtak",
    ),
    "dating": ("when", "year", "date", "day", "month", "quarter", "哪", "何时", "什么时候", "几月", "几号"),
    "coming": ("will", "going to", "下一步", "明年", "将来", "未来"),
    "reason": ("why", "how come", "为什么", "为何"),
    "lifting": ("regain", "重新", "lift", "remov", "repeal", "withdraw", "rescind", "abolish", "revok", "end", "eas", "relax", "drop", "suspend", "waiv", "scrap", "解除", "取消", "放", "撤销", "废除"),
}  # fmt: skip


@cache
def _compiled(name: str) -> re.Pattern[str]:
    return re.compile(_PATTERNS[name], re.IGNORECASE)


def worded_as(name: str, text: str) -> re.Match[str] | None:
    """Where a text has a wording, compiled when first asked for: counted, whether, negative, coming, reason, presuming, opinion ..."""
    cues = _CUES.get(name)
    if cues is not None and not any(cue in text.lower() for cue in cues):
        return None
    return _compiled(name).search(text)


@cache
def _leading() -> re.Pattern[str]:
    leading = "|".join(line.strip() for line in _LEADING.strip().splitlines())
    return re.compile(rf"^\s*(?:{leading})", re.IGNORECASE)


@cache
def _anywhere() -> re.Pattern[str]:
    return re.compile("|".join(_ANYWHERE.strip().splitlines()), re.IGNORECASE)


def _opens(text: str) -> bool:
    """Whether a text may begin with politeness or filler: its first word can."""
    first = re.match(r"\s*([a-z']+)", text.lower())
    return first is not None and first[1].partition("'")[0] in _OPENERS


def plain(text: str) -> str:
    """The question without what is only politeness or filler; never empty."""
    head, colon, tail = text.rpartition(": ")
    shorter = (
        tail
        if colon and re.search(r"\b(?:what|which|who|how|when|where|why|does|is|are)\b", tail, re.IGNORECASE) and "?" not in head
        else text
    )
    while _opens(shorter):
        cut = _leading().sub("", shorter, count=1)
        if cut == shorter or not cut.strip(" ?？.!"):
            break
        shorter = cut
    if any(cue in shorter.lower() for cue in _FILLERS):
        shorter = _anywhere().sub("", shorter)
    if not shorter.isascii():
        shorter = re.sub(_CHINESE, "", shorter)
    return shorter if shorter.strip(" ?？.!,") else text
