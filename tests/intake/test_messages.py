"""Every code that intake can say has its sentence in both languages, and every sentence is said somewhere."""

import re
from pathlib import Path

import chengxin.intake
from chengxin.standards.load import shipped_catalogue
from chengxin.standards.yaml_file import read_yaml

SOURCE = "".join(p.read_text() for p in Path(str(chengxin.intake.__path__[0])).glob("*.py"))
SENTENCES = read_yaml(shipped_catalogue() / "messages" / "intake.yaml")


def test_every_sentence_is_in_both_languages_with_the_same_placeholders() -> None:
    for code, said in SENTENCES.items():
        zh, en = (set(re.findall(r"{(\w+)}", said[k])) for k in ("zh", "en"))
        assert {p.removesuffix("_en") for p in en} == zh, code


def test_every_sentence_is_said_and_every_code_has_one() -> None:
    for code in SENTENCES:
        assert f'"{code}"' in SOURCE, code
    said = set(re.findall(r'(?:refuse|note)\(\s*"([a-z0-9\-]+)"', SOURCE)) | set(
        re.findall(r'\(b"[^"]+", "(is-[a-z]+)"', SOURCE)
    )
    assert said <= set(SENTENCES)
