"""What a subject states beside a record: bounded, and looked through like any text that is to be shown."""

import polars as pl

from chengxin.intake.hiding import hide_in
from chengxin.standards.load import Catalogue
from chengxin.standards.redress import objection_terms
from chengxin.validation.content import content_looks
from chengxin.values.errors import Refused, Said

_IDENTITY = Said("声明中有身份证号，请删去。", "There is an identity number in the statement; leave it out.")
_FOUND = {
    "forbidden_content": Said(
        "声明中有不得归集的内容（如疾病、宗教信仰），请删去。",
        "It holds what may not be collected (illness, religion …).",
    ),
    "forbidden_of_person": Said(
        "声明中有个人的收入、财产等内容，请删去。", "It holds a person's income or property; leave that out."
    ),
    "secret_marking": Said("声明中有密级标志，不能提交。", "It bears a mark of secrecy."),
    "telephone_inside": Said(
        "声明中有电话号码，请删去；联系方式不会展示。", "It holds a telephone number; leave that out."
    ),
}


def statement_of(text: str, catalogue: Catalogue) -> str:
    """The statement as it is kept. Raises Refused: empty, too long, or with what may not be shown."""
    plain = "\n".join(line.strip() for line in text.strip().splitlines() if line.strip())
    most = objection_terms(catalogue).statement
    if not plain or len(plain) > most or any(not c.isprintable() and c != "\n" for c in plain):
        zh = f"请写明哪里不对（{most} 字以内）。"
        raise Refused("statement", Said(zh, f"Say what is wrong, in {most} characters."))
    if hide_in(plain, "text", catalogue.day) != plain:
        raise Refused("statement-identity", _IDENTITY)
    texts = pl.Series([plain])
    for kind, look in content_looks(catalogue).items():
        if look(texts)[0]:
            raise Refused(f"statement-{kind}", _FOUND[kind])
    return plain
