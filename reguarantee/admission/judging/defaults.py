"""The first standards of a new group: provincial practice as far as it is known (domain.md 5.10.1, 5.10.4).

They are data that the group changes by publishing versions. Marks of confidence are those of domain.md 0.
"""

from __future__ import annotations

from typing import Any


def _rule(
    code: str, zh: str, en: str, field: str, operator: str, passes: str, refer: str | None = None, *, hard: bool = False
) -> dict[str, Any]:
    sentence = {"zh": zh, "en": en}
    return {
        "code": code,
        "sentence": sentence,
        "field": field,
        "operator": operator,
        "pass": passes,
        "refer": refer,
        "hard": hard,
    }


def _input(field: str, weight: str, better: str, *bands: tuple[str, str]) -> dict[str, Any]:
    return {"field": field, "weight": weight, "better": better, "bands": [list(band) for band in bands]}


def _dimension(code: str, zh: str, en: str, weight: str, *inputs: dict[str, Any]) -> dict[str, Any]:
    return {"code": code, "name": {"zh": zh, "en": en}, "weight": weight, "inputs": list(inputs)}


def _slot(code: str, zh: str, en: str, *, required: bool = True) -> dict[str, Any]:
    return {"code": code, "name": {"zh": zh, "en": en}, "required": required}


_YES = ("1", "100")
_LAWFUL = (
    _rule(
        "ESTABLISHED", "依法设立，已填经营许可证号", "Lawfully established with a licence number",
        "is_established", "EQ", "1", hard=True,
    ),
    _rule(
        "LICENCE_VALID", "经营许可证剩余有效期不少于 180 天", "The licence is valid for 180 days or more",
        "licence_days_left", "GE", "180", "1", hard=True,
    ),
    _rule("VIOLATIONS", "近三年无重大违规", "No serious violation in three years", "violations", "LE", "0", "1", hard=True),
)  # fmt: skip

MEMBER: dict[str, Any] = {
    "rules": [
        *_LAWFUL,
        _rule(
            "CAPITAL", "注册资本不低于 1 亿元（5000 万元以上须复核）", "Registered capital of 100 million yuan, 50 at least",
            "registered_capital_fen", "GE", "10000000000", "5000000000", hard=True,
        ),
        _rule(
            "PAID_IN", "实缴资本不低于 5000 万元", "Paid-in capital of 50 million yuan",
            "paid_in_capital_fen", "GE", "5000000000", "2000000000", hard=True,
        ),
        _rule("YEARS", "持续经营满 2 年", "In operation for two years", "years_operating", "GE", "2", "1"),
        _rule(
            "COMPENSATION", "代偿率低于 5%", "Compensation rate below 5 %",
            "compensation_rate", "LT", "0.05", "0.08", hard=True,
        ),
        _rule("LEVERAGE", "责任余额放大倍数不超过 10 倍", "Leverage of at most 10", "leverage", "LE", "10", "15", hard=True),
        _rule("RESERVES", "准备金不低于责任余额的 3%", "Reserves of 3 % of the liability", "reserve_cover", "GE", "0.03", "0.01"),
        _rule(
            "SMALL_AGRI", "小微和三农占比不低于 80%", "Small firms and farming make up 80 %",
            "small_agri_share", "GE", "0.80", "0.60",
        ),
        _rule(
            "UP_TO_5M", "其中单户 500 万元及以下占比不低于 50%", "Of these, 50 % are up to 5 million yuan",
            "le5m_share", "GE", "0.50", "0.40",
        ),
        _rule(
            "NO_PLATFORM", "不为地方政府融资平台提供担保", "No guarantees for local-government financing vehicles",
            "platform_share", "LE", "0", hard=True,
        ),
        _rule(
            "BANK_SHARES", "银行参与分险的业务占比不低于 50%", "A bank bears risk in 50 % of the business",
            "risk_shared_share", "GE", "0.50", "0.30",
        ),
        _rule("FEE", "平均担保费率不超过 1.5%", "Average fee of at most 1.5 %", "fee_rate", "LE", "0.015", "0.02"),
        _rule("RISK_RULES", "已建立书面风控制度", "Written risk rules are in force", "risk_rules", "EQ", "1"),
        _rule("DATA_LINK", "同意接入数据平台", "Accepts the data connection", "accepts_data_link", "EQ", "1", hard=True),
    ],
    "dimensions": [
        _dimension(
            "INSTITUTION_RISK", "机构风险", "Institution risk", "0.25",
            _input("violations", "0.40", "LOW", ("0", "100"), ("1", "50")),
            _input("largest_obligor_share", "0.35", "LOW", ("0.07", "100"), ("0.10", "60")),
            _input("licence_days_left", "0.25", "HIGH", ("365", "100"), ("180", "70"), ("1", "30")),
        ),
        _dimension(
            "OPERATION", "经营状况", "Operating condition", "0.25",
            _input("profit_rate", "0.30", "HIGH", ("0.03", "100"), ("0", "70")),
            _input("volume_growth", "0.40", "HIGH", ("0.10", "100"), ("0", "70"), ("-0.10", "40")),
            _input("prior_year_volume_fen", "0.30", "HIGH", ("50000000000", "100"), ("20000000000", "80"), ("5000000000", "50")),
        ),
        _dimension(
            "ABILITY_TO_PAY", "代偿能力", "Ability to pay claims", "0.30",
            _input("liquid_cover", "0.40", "HIGH", ("0.20", "100"), ("0.10", "70"), ("0.05", "40")),
            _input("reserve_cover", "0.30", "HIGH", ("0.05", "100"), ("0.03", "70"), ("0.01", "40")),
            _input("leverage", "0.30", "LOW", ("5", "100"), ("10", "60"), ("15", "20")),
        ),
        _dimension(
            "RISK_CONTROL", "风控能力", "Risk control", "0.20",
            _input("compensation_rate", "0.40", "LOW", ("0", "100"), ("0.01", "90"), ("0.03", "70"), ("0.05", "40")),
            _input("recovery_rate", "0.30", "HIGH", ("0.50", "100"), ("0.30", "70"), ("0.10", "40")),
            _input("risk_staff_share", "0.15", "HIGH", ("0.20", "100"), ("0.10", "60")),
            _input("risk_rules", "0.15", "HIGH", _YES),
        ),
    ],
    "documents": [
        _slot("LICENCE", "融资担保业务经营许可证", "Licence for financing guarantees"),
        _slot("BUSINESS_LICENCE", "营业执照", "Business licence"),
        _slot("ARTICLES", "公司章程", "Articles of association"),
        _slot("AUDIT_REPORTS", "近两年审计报告", "Audit reports of two years"),
        _slot("CAPITAL_PROOF", "验资报告或实缴证明", "Proof of paid-in capital"),
        _slot("RISK_RULES", "风险管理制度", "Risk rules"),
        _slot("CREDIT_REPORT", "企业信用报告", "Credit report"),
        _slot("PORTFOLIO", "在保业务明细表", "List of guarantees in force"),
        _slot("OTHER", "其他材料", "Other papers", required=False),
    ],
    "line": {
        # Only the rating's 5 % is known; the other seven are ours and add up to the rest (domain.md 5.10.3, UNV).
        "weights": {
            "leverage": "0.15", "filing_rate": "0.15", "risk_shared_share": "0.15", "small_agri_share": "0.15",
            "compensation_rate": "0.15", "compensation_return_rate": "0.10", "policy_target_completion": "0.10",
            "institution_rating": "0.05",
        },
        "scores": {
            "leverage": {"better": "HIGH", "bands": [["3", "110"], ["2", "100"], ["1", "90"], ["0", "80"]]},
            "filing_rate": {"better": "HIGH", "bands": [["0.90", "110"], ["0.70", "100"], ["0.50", "80"], ["0", "50"]]},
            "risk_shared_share": {"better": "HIGH", "bands": [["0.80", "110"], ["0.50", "100"], ["0.30", "80"], ["0", "50"]]},
            "small_agri_share": {"better": "HIGH", "bands": [["0.90", "110"], ["0.80", "100"], ["0.60", "80"], ["0", "50"]]},
            "compensation_rate": {"better": "LOW", "bands": [["0.01", "110"], ["0.03", "100"], ["0.05", "80"], ["1", "40"]]},
            "compensation_return_rate": {
                "better": "HIGH", "bands": [["0.50", "110"], ["0.30", "100"], ["0.10", "80"], ["0", "60"]],
            },
            "policy_target_completion": {"better": "HIGH", "bands": [["1", "110"], ["0.90", "100"], ["0.70", "80"], ["0", "60"]]},
        },
    },
}  # fmt: skip

BANK: dict[str, Any] = {
    "rules": [
        *_LAWFUL,
        _rule(
            "OWN_SHARE", "银行自担风险不低于 20%", "The bank keeps 20 % of the risk",
            "accepted_share", "GE", "0.20", hard=True,
        ),
        _rule(
            "ADEQUACY", "资本充足率不低于 10.5%", "Capital adequacy of 10.5 %",
            "capital_adequacy", "GE", "0.105", "0.08", hard=True,
        ),
        _rule("BAD_LOANS", "不良贷款率不超过 3%", "Bad loans of at most 3 %", "npl_ratio", "LE", "0.03", "0.05"),
        _rule("PROVISIONS", "拨备覆盖率不低于 150%", "Provision coverage of 150 %", "provision_cover", "GE", "1.5", "1.2"),
        _rule("RISK_RULES", "已建立银担业务管理制度", "Written rules for guaranteed loans are in force", "risk_rules", "EQ", "1"),
        _rule("DATA_LINK", "同意系统对接", "Accepts the data connection", "accepts_data_link", "EQ", "1", hard=True),
    ],
    "dimensions": [
        _dimension(
            "INSTITUTION_RISK", "机构风险", "Institution risk", "0.25",
            _input("npl_ratio", "0.60", "LOW", ("0.01", "100"), ("0.02", "80"), ("0.03", "60")),
            _input("violations", "0.40", "LOW", ("0", "100"), ("1", "50")),
        ),
        _dimension(
            "OPERATION", "经营状况", "Operating condition", "0.25",
            _input("small_loans_fen", "0.60", "HIGH", ("1000000000000", "100"), ("100000000000", "80"), ("10000000000", "60")),
            _input("years_operating", "0.40", "HIGH", ("10", "100"), ("3", "70"), ("1", "40")),
        ),
        _dimension(
            "ABILITY_TO_PAY", "资本实力", "Capital strength", "0.30",
            _input("capital_adequacy", "0.50", "HIGH", ("0.13", "100"), ("0.105", "80"), ("0.08", "40")),
            _input("provision_cover", "0.50", "HIGH", ("2", "100"), ("1.5", "80"), ("1.2", "40")),
        ),
        _dimension(
            "RISK_CONTROL", "风控能力", "Risk control", "0.20",
            _input("accepted_share", "0.60", "HIGH", ("0.30", "100"), ("0.20", "80")),
            _input("risk_rules", "0.40", "HIGH", _YES),
        ),
    ],
    "documents": [
        _slot("FINANCE_LICENCE", "金融许可证", "Financial licence"),
        _slot("BUSINESS_LICENCE", "营业执照", "Business licence"),
        _slot("AUTHORISATION", "总行授权书", "Authority of the head office"),
        _slot("AUDIT_REPORTS", "近两年审计报告", "Audit reports of two years"),
        _slot("COOPERATION_RULES", "银担合作业务管理办法", "Rules for guaranteed loans"),
        _slot("OTHER", "其他材料", "Other papers", required=False),
    ],
}  # fmt: skip
