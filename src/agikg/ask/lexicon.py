"""Words of the grammar: those that carry no content, and those that say what is asked."""

from __future__ import annotations

# Everything else in a question has to be accounted for by a name or a figure.
STOP_WORDS = frozenset(
    """
    a about according actually all also am an and any are as at be been being by can could current currently did do does
    doing done each ever exactly for from give given graph had has have he her him his how i if in into is it its just know
    known latest list lot main me more most much many my name named new now of on one only or our out please s she show so
    some state such tell than that the their them there these they this those through to today together too under up upon us
    very was we were what whats when where whether which who whom whos whose why will with would yet you your everything
    anything something entity entities thing things really still already both between and/or vs 's exist exists direct
    directly indirect indirectly transitive transitively whole entire ones
    """.split()
)
GRAMMAR_WORDS = frozenset(
    """
    depend depends depending dependent dependents dependency dependencies rely relies relying reliant hinge hinges rest
    rests need needs needed require requires required requirement requirements downstream upstream input inputs supplier
    suppliers without cannot can't stop fail work run made make necessary draw draws build builds connected related linked
    relate connect associated tied connection connections path paths link links relation relations relationship
    relationships chain chains route routes tie ties connects change changed develop developed evolve evolved improve
    improved grow grown move moved rise risen history timeline trend evolution development course changes over time high low
    large big long fast good great old share percentage percent proportion fraction number amount value rate figure figures
    say says said states claim claims report reports reported written stated printed come source sources evidence proof
    basis origin sure certain reliable confident trustworthy credible provenance confidence mean stand describe explain
    define info information facts details meaning definition description behind goes stands exactly between linking
    connecting whoever everybody companies use reach reaches lead leads back trace traces got
    """.split()
)
# Words that carry no content of their own when claims are searched for what they say.
CONTENT_FREE = frozenset(
    """
    compare compared compares comparing comparison versus vs difference differences differ differs contrast trace chain connection
    connected link path dependents dependencies alternatives alternative substitutes substitute evidence source sources claim claims
    claimed word besides apart else order even ever still already itself themselves

    explain describe detail details information info facts fact about mean means meaning kind kinds type types sort sorts way ways
    part role main major key important called regard regarding concern concerning whitepaper paper report document text author authors
    graph according does exactly please tell say says said list name names enumerate true correct right false case confirm verify
    check whether happen happens happened thing things know known question ask wonder curious like want d ll ve re us me my we i
    could would may might must shall can will going get got give gives given there here where when who whom why how much many
    what which year date time moment today currently right quite really roughly approximately figure figures number numbers amount
    value level total overall whole altogether member members group between among against towards toward via per
    """.split()
)
# Words that ask for a connection, beside those of the grammar.
CONNECTING = frozenset(
    """
    hang hangs together joins join joined binds bind unites possibly story thread threads line lines trail bridge bridges running
    runs leading leads two both them detour stages stage there fit
    """.split()
)
# Words that could stand in a question about anything: they tell little, whether or not claims say them.
GENERIC = frozenset(
    """
    do does doing done make makes made making have having take takes taken taking go goes going gone come comes coming came put puts
    putting set sets keep keeps kept let lets see sees seen look looks find finds found bring brings run runs stand stands work works
    working turn turns turned use uses used using serve serves think thinks speak speaks believe want wants need needs try tries
    area areas field fields aspect aspects respect respects regard matter matters issue issues point points case cases example examples
    item items element elements term terms side sides end ends place places spot role roles function purpose people person somebody
    someone anybody anyone everybody everyone nobody company companies firm firms business others other another one two few several
    various certain different same similar whole entire full overall general particular especially mainly mostly largely chiefly
    new old big large small good better best bad worse worst great strong weak long short high low early late own real actual
    really still already yet even ever never only also just again now today currently recently lately so far once back away apart
    first last next previous following reach reaches reached related relation relations connected linked link means mention mentioned
    mentions named name names call called ours mine yours theirs like such kind sort type group groups member members chinese china
    merely simply said told stated written reported supposed expected likely possible possibly probably perhaps maybe certainly
    together both either neither each every all any some most more less least much many lot lots while during before after since
    until because although though however therefore thus hence else instead rather quite very too enough almost nearly about around
    over under above below between among within without across through into onto upon towards toward against along behind beyond
    out off up down in on at by for from with of to as than then there here where when why how what which who whom whose
    think thinking moving ways way manner fashion shape form sum total suppose imagine assume list map show give tell explain
    """.split()
)
STOP_CHARACTERS = frozenset(
    "里用要应当家人说越来句话起让做面款被所的了吗呢是有在和与及或对于从到被把这那其中些个哪谁什么何怎如样多少几为会能可以请问告诉我给列出一下都目前现在吧啊嘛者方也还所东西事物"
)
GRAMMAR_CHARACTERS = frozenset(
    "依赖靠需要离不开取决下游上求项供应商关系联连接路径变化历史趋势演走势比例大高快介绍说简据来源出处证知道得里写信情况指之间相存主具体着于啥"
)
# Countries: one that the graph does not know is a name like any other, however it is written.
COUNTRIES = frozenset(
    """
    india japan germany france italy spain portugal britain uk england ireland netherlands belgium switzerland austria poland sweden
    norway denmark finland russia ukraine turkey israel iran iraq egypt nigeria kenya ethiopia morocco brazil argentina chile mexico
    canada australia indonesia vietnam thailand philippines malaysia singapore pakistan bangladesh kazakhstan mongolia korea
    印度 日本 德国 法国 意大利 西班牙 葡萄牙 英国 爱尔兰 荷兰 比利时 瑞士 奥地利 波兰 瑞典 挪威 丹麦 芬兰 俄罗斯 乌克兰 土耳其 以色列 伊朗
    伊拉克 埃及 尼日利亚 肯尼亚 巴西 阿根廷 智利 墨西哥 加拿大 澳大利亚 印尼 印度尼西亚 越南 泰国 菲律宾 马来西亚 新加坡 巴基斯坦 韩国
    """.split()
)
