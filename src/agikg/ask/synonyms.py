"""Words that ask for the same thing, and Chinese words for what statements say in English."""

from __future__ import annotations

from collections.abc import Collection

# Each line is one meaning; a word may stand in several.
_GROUPS = """
buy purchase acquire procure order
cost price expense expensive expenditure
halt stop pause suspend interrupt cease
block bar prohibit ban forbid close shut
restrict limit constrain curb control tighten
big large huge massive vast great
country nation
firm company business enterprise corporation
ceo chief executive boss
money fund capital cash finance funding
cheap low affordable
fast quick rapid speed swift
show demonstrate prove
replace substitute alternative swap
obstacle bottleneck barrier hurdle challenge problem difficulty weakness vulnerability issue shortcoming
advantage strength edge benefit upside
goal aim target objective ambition purpose intend
plan strategy blueprint roadmap
power electricity energy
law rule regulation legislation legal
censor ideology moderation
launch release unveil introduce debut publish
found establish create start
invest spend pour allocate
grow increase rise expand boost growth
shrink decline decrease fall drop reduce lower
think believe argue view opinion say stance
robot humanoid robotic
train training
inference inferencing
employee staff talent team
customer client
government state authority official
foreign overseas abroad international
local domestic homegrown indigenous national
ship deliver shipment delivery
profit profitable money earning
lag behind trail
surpass outperform beat exceed better
explain reason why cause because
influence impact affect effect consequence
help support assist facilitate
learn study
quality standard
scarce shortage short lack insufficient scarcity
ask question
answer response reply
illegal sensitive
approve approval permit license
hard difficult tough
stockpile stock reserve
subsidy incentive support aid
graduate alumni student
worth value valuation valued
yield output
amount volume quantity number
percent share percentage proportion
predict forecast expect estimate
join participate enter
compute computing computational
datacenter center
strict rigorous
shut close
mass large
dominate dominant
popular famous
near close
main major primary principal key
new latest recent
people citizen population
chip semiconductor processor
phone mobile
car automotive vehicle automobile
appliance household
idle unused underused underutilised
energy power
use adopt deploy employ apply utilise
eflops exaflops exaflop
online internet web
make establish set turn
american america us united
home domestic
trigger cause prompt bring reason
leaderboard arena ranking benchmark
math maths mathematics
code coding programming
meeting session gathering
chair preside
chip gpu
llm language
ceiling limit threshold cap maximum
floor minimum least
stricter lower tighter
home-grown domestic
exam test
question query
electricity power
startup start
describe show
backbone foundation basis
compute calculation
employ use
back support
"""

_CHINESE = """
城市 city|加速 accelerate|不同 differ|触发 trigger|程序 procedure|设备 device|产品 product|依赖 depend|信息 information|
图谱 graph|数字 number|关系 relation|途径 route|最新 latest|正式 officially|共享 share|愿意 willing|降价 price cut|投标 bid|
制度 system|全国 national|占 share|百分之 percent|比重 share|预测 expect|左右 about|模式 approach|获得 access|国家级 national|
头部 leading|创业公司 startup|大型 large|超大型 ultra-large|算力网 computing network|学校 university|毕业生 graduate|断 cut|
风险 risk|机遇 opportunity|期限 deadline|补助 subsidy|奖励 incentive|租 rent|便宜 cheap|免费 free|网民 internet user|手机 mobile|
汽车 automotive|车企 automotive company|医疗 healthcare|教育 education|金融 finance|制造业 manufacture|工业 industrial|
农业 agriculture|军事 military|投资 invest|投入 invest|资金 fund|出资 fund|市场份额 market share|份额 share|占比 share|比例 share|
良率 yield|产量 output|用户 user|估值 valuation|限制 restrict|管制 control|出口 export|禁止 bar|封锁 block|许可 license|
审批 approval|批准 approve|规定 require|要求 require|法规 regulation|监管 regulate|开源 open source|闭源 closed source|训练 train|
推理 inference|算力 compute|数据 data|质量 quality|芯片 chip|模型 model|应用 application|服务器 server|价格 price|成本 cost|
收入 revenue|增长 growth|增加 increase|下降 decline|利润 profit|亏损 loss|发布 release|推出 launch|上线 launch|开发 develop|
研发 develop|制造 make|生产 produce|量产 mass production|使用 use|采用 use|部署 deploy|购买 buy|采购 purchase|合作 collaborate|
竞争 compete|对手 competitor|落后 behind|领先 lead|超过 exceed|优于 outperform|追赶 catch up|差距 gap|目标 goal|计划 plan|
战略 strategy|政策 policy|措施 measure|补贴 subsidy|支持 support|推动 promote|促进 promote|鼓励 encourage|瓶颈 bottleneck|
障碍 obstacle|挑战 challenge|问题 problem|短缺 shortage|不足 lack|缺乏 lack|稀缺 scarce|制约 limit|阻碍 hinder|弱点 weakness|
优势 advantage|影响 impact|导致 lead|原因 reason|为什么 why|为何 why|结果 result|作用 role|创始人 founder|创立 found|
首席执行官 chief executive|领导 lead|老板 boss|团队 team|毕业 graduate|成员 member|何时 when|什么时候 when|哪年 year|年份 year|
哪里 where|总部 based|位于 located|看法 view|观点 view|立场 position|态度 view|认为 think|用电 power consumption|
耗电 power consumption|电力 power|能源 energy|能耗 energy consumption|绿色 green|核电 nuclear|网络 network|延迟 latency|
内容 content|审查 censorship|意识形态 ideology|关键词 keyword|题库 question bank|安全 safety|敏感 sensitive|机器人 robot|
人形 humanoid|智能体 agent|自动驾驶 autonomous driving|工厂 factory|公司 company|企业 company|初创 startup|巨头 giant|
国企 state-owned|央企 centrally supervised|政府 government|地方 local|中央 central|美国 us|中国 china|国产 domestic|进口 import|
海外 overseas|外国 foreign|先进 advanced|性能 performance|效率 efficiency|能力 capability|创新 innovation|技术 technology|
研究 research|数量 number|规模 size|总量 total|超过 over|盈利 profitable|供应 supply|库存 stockpile|替代 alternative|开始 begin|
最高 maximum|上限 limit|下限 minimum|至少 least|唯一 only|降级 downgraded|版 version|国家 national|规划 plan|集群 cluster|
路线 approach|选择 choose|调整 raise|变化 change|重要性 importance|强调 importance|上市 market entry|满足 meet|公众 public|
面向 serve|条件 condition|架构 architecture|所有 own|归谁 own|囤 stockpile|囤积 stockpile|平台 platform|上 list|名单 list|
坚持 commit|完全 fully|付费 paid|缺电 power shortage|依据 basis|类型 type|种类 kind|哪几款 model|款|位|名|项|项目 project|
启动 launch|发起 launch|推动 drive|带动 drive|加快 accelerate|减少 reduce|提升 improve|提高 improve|改善 improve|下线 offline|
崩溃 collapse|断供 cut|制裁 sanction|解除 lift|取消 lift|禁令 ban|影响 affect|后果 consequence|产业链 value chain|环节 layer|
层 layer|营收 revenue|收益 revenue|市值 valuation|员工 employee|总部 headquarters|成立 found|出身 graduate|清华 tsinghua|
打算 plan|花 spend|钱 money|买 buy|处理器 processor|创办 found|创建 found|卡 bottleneck|卡在 bottleneck|省 province|带来 bring|
题 question|道题 question|拒答 refuse|备案 filing|测试 test|支撑 power|驱动 power|枢纽 hub|节点 node|月活 monthly active users|
制程 process|清单 list|怎么看 view|如何看 view|受影响 affect|停 stop|光刻 lithography|参数 parameter|卖 sell|台 unit|代工 foundry|
建 build|第一 first|首次 first|核能 nuclear|核 nuclear|名字 name|叫什么 name|哪家 company|属于 belong|拥有 own|持有 hold|
主席 chair|总书记 chair|会议 meeting|召开 meeting|强调 emphasise|商业化 commercialise|落地 deploy|场景 scenario|行业 industry|
电商 commerce|语料 corpora|语言 language|中文 chinese|英文 english|开放 open|数据中心 data center|中心 center|交易 trade|
交易所 exchange|标注 annotation|合成 synthetic|隐私 privacy|跨境 cross-border|传输 transfer|网信办 cyberspace administration|
长上下文 long context|多模态 multimodal|数学 math|编程 coding|强化学习 reinforcement learning|创新 innovate|高管 executive|
人才 talent|研究所 institute|大学 university|专家 expert|报告 report|排名 rank|第几 rank|名列 rank|西部 western|东部 eastern|
电网 grid|天然气 gas|涡轮 turbine|太阳能 photovoltaic|光伏 photovoltaic|储能 storage|可再生 renewable|盈余 surplus|出货 ship|
停产 halt production|漏洞 loophole|规避 circumvent|第三国 third countries|分级 tier|全球 global|许可制度 licensing system|
孵化 incubate|免租 free rent|风投 venture capital|基金 fund|比前 previous|两期 phase|三期 phase|一期 phase|被动 passive|
压力 pressure|竞价 bid|价格战 price|亏 loss|每年 annual|年均 annual|预计 expect|估计 estimate|据报道 report|活跃 active|
招标 tender|采购招标 procurement tender|孵化器 incubator|租金 rent|
"""


def _table() -> dict[str, frozenset[str]]:
    from agikg.words import stem

    found: dict[str, set[str]] = {}
    for line in _GROUPS.strip().splitlines():
        group = {stem(word) for word in line.split()}
        for word in group:
            found.setdefault(word, set()).update(group - {word})
    return {word: frozenset(others) for word, others in found.items()}


def _chinese() -> dict[str, tuple[str, ...]]:
    pairs = (entry.strip().partition(" ") for entry in _CHINESE.replace("\n", "").split("|") if entry.strip())
    return {chinese: tuple(english.replace("-", " ").split()) for chinese, _, english in pairs}


SYNONYMS = _table()
"""Stem -> stems that may stand for it."""
CHINESE = _chinese()
"""Chinese word -> English words for it."""


def translated(text: str, passed_over: Collection[str] = ()) -> tuple[list[str], list[str]]:
    """English words for the Chinese words of a text, the longest first, and the stretches left over.

    A single character that is left over is a particle or a verb of the wording more often than a word, and is dropped.
    """
    words: list[str] = []
    left, place = [""], 0
    longest = max(map(len, CHINESE))
    while place < len(text):
        length = next((n for n in range(min(longest, len(text) - place), 0, -1) if text[place : place + n] in CHINESE), 0)
        if length:
            words += CHINESE[text[place : place + length]]
        elif text[place] not in passed_over:
            left[-1] += text[place]
        if (length or text[place] in passed_over) and left[-1]:
            left.append("")
        place += length or 1
    return words, [stretch for stretch in left if len(stretch) > 1]
