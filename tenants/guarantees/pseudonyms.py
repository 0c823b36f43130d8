"""Made-up borrowers for portfolios whose borrowers may not be shown: stable for a borrower, of nobody real.

Every name begins with a place that does not exist, and every code lies in a division (99….) that GB/T 2260 does
not have, so neither can belong to anybody. Both come from a digest of the borrower as the file names it; it cannot be
turned back into the name.
"""

from __future__ import annotations

from hashlib import blake2b

from kernel.codes import complete_uscc

_PLACES = (
    "澜汀", "岚屿", "霁川", "星屿", "澄湾", "朔岭", "云岫", "栖禾",
    "珩州", "湛岭", "曜陵", "翊海", "芃野", "槿川", "芷汀", "泓渡",
    "岑澜", "霖浦", "沐岭", "晗江", "聿水", "祺安", "昭屿", "骁城",
)  # fmt: skip
_FIRST = "衡澜昭予霁岚栩祺笙珩湛屿翊澄槿铄骁钧沐霖曜晟芃菡砚璟棠穹聿岑泓汐"
_SECOND = "远启禾拓涵跃宁博川恒尚朗泽源成辉信嘉盈通舟野麓原谷溪桥帆田林石云"
# By section of GB/T 4754, so that a name goes with the business; "" is any.
_TRADES = {
    "A": ("农业", "种植", "养殖"),
    "B": ("矿业", "石材"),
    "C": ("机械", "食品", "纺织", "电子", "塑料", "家具", "五金"),
    "D": ("热力", "水务"),
    "E": ("建设工程", "装饰工程", "园林工程"),
    "F": ("商贸", "百货", "建材", "农产品"),
    "G": ("物流", "运输", "仓储"),
    "H": ("餐饮管理", "酒店管理"),
    "I": ("信息技术", "软件"),
    "J": ("信息咨询",),
    "K": ("物业管理",),
    "L": ("商务服务", "人力资源", "设备租赁"),
    "M": ("技术服务", "检测", "设计"),
    "N": ("环境工程",),
    "O": ("维修服务", "洗涤服务", "汽车服务"),
    "P": ("教育咨询",),
    "Q": ("健康管理", "护理服务"),
    "R": ("文化传播", "体育发展"),
    "S": ("公共服务",),
    "T": ("国际服务",),
    "": ("实业", "商贸", "科技", "发展"),
}
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_HALF = len(_PAIRS) ** 2


def made_up(house: str, borrower: str, industry: str) -> tuple[str, str]:
    """(name, unified social credit code) of the company that stands for a borrower of a house.

    The code depends on house and borrower alone and has 8.5 · 10^15 values: two borrowers of a million share one
    with a chance below 1 in 10,000. The name also follows the industry (a section letter or "").
    """
    seed = int.from_bytes(blake2b(f"{house}\x1f{borrower}".encode("utf-8", "surrogateescape"), digest_size=16).digest(), "big")
    seed, division = divmod(seed, 10_000)
    seed, low = divmod(seed, _HALF)
    seed, high = divmod(seed, _HALF)
    organisation = _PAIRS[high // 961] + _PAIRS[high % 961] + _PAIRS[low // 961] + _PAIRS[low % 961]
    seed, place = divmod(seed, len(_PLACES))
    seed, first = divmod(seed, len(_FIRST))
    seed, second = divmod(seed, len(_SECOND))
    trades = _TRADES.get(industry, _TRADES[""])
    name = f"{_PLACES[place]}{_FIRST[first]}{_SECOND[second]}{trades[seed % len(trades)]}有限公司"
    return name, complete_uscc(f"9199{division:04d}", organisation)
