"""A name as place, trade name, trade and form. What is left without place and form is its core."""

from dataclasses import dataclass

from chengxin.subjects.names.words import Words, simplified

_NATION = "中国"
_BRANCH = 12  # characters between a form and the word for a branch: the branch's place


@dataclass(frozen=True)
class Parts:
    """A split name. `plain`: all of it, simplified; `mark`: the trade name, with which the core begins."""

    plain: str
    place: str
    core: str
    mark: str
    form: str


def split(folded: str, words: Words) -> Parts:
    """A folded name in its parts.

    A name of a place and a trade alone (青岛啤酒) has the place for its mark; one without anything between place and form
    (青岛有限公司) has no core, one of trades alone no mark.
    """
    plain = simplified(folded)
    whole, within, inner = _without_brackets(plain, words)
    end, outer = _place(whole, 0, words)
    form = _form_start(whole, end, words)
    core = whole[end:form]
    for word in words.hollow:
        core = core.replace(word, "")
    mark = core[: words.trades.back(core, [len(core)])]
    if core and not mark:
        mark = inner or outer
        core = mark + core
    return Parts(plain, whole[:end] + within, core, mark, whole[form:])


def head_of(parts: Parts, words: Words) -> str:
    """A name without the branch at its end and without brackets: branches of one body have it in common."""
    text = _bare(parts.plain)
    branch = words.branches.back(text, [len(text)])
    ends = range(branch, max(0, branch - _BRANCH) - 1, -1) if branch < len(text) else ()
    return text[: next((end for end in ends if words.forms.back(text, [end]) < end), len(text))]


def _without_brackets(plain: str, words: Words) -> tuple[str, str, str]:
    """Without a place in brackets and without brackets; that place, and its last name."""
    if "(" not in plain and ")" not in plain:
        return plain, "", ""
    start = plain.find("(")
    while start >= 0:
        end, last = _place(plain, start + 1, words)
        if last and plain[end : end + 1] == ")":
            return _bare(plain[:start] + plain[end + 1 :]), plain[start + 1 : end], last
        start = plain.find("(", start + 1)
    return _bare(plain), "", ""


def _bare(text: str) -> str:
    return text.replace("(", "").replace(")", "")


def _place(text: str, start: int, words: Words) -> tuple[int, str]:
    """Where the names of places end that stand at `start`, each level once at most; and the last of them."""
    end = start + len(_NATION) * text.startswith(_NATION, start)
    last = ""
    for level in words.levels:
        after = level.ahead(text, end)
        if after > end:
            last = text[end:after]
            end = words.suffixes.ahead(text, after)
    return end, last


def _form_start(text: str, start: int, words: Words) -> int:
    """Where the legal form begins; after it there may be a branch with its place."""
    size = len(text)
    branch = words.branches.back(text, [size])
    ends = {size, *range(max(start, branch - _BRANCH), branch + 1)} if branch < size else {size}
    return max(start, words.forms.back(text, ends))
