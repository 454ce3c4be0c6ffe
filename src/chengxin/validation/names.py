"""What the columns of a mended table are called."""


def raw(name: str) -> str:
    """The column that keeps a field's text as it arrived."""
    return f"{name}!"


def flag(name: str, kind: str) -> str:
    """The Boolean column that says `kind` was met in field `name`."""
    return f"{name}~{kind}"


def hint(name: str, kind: str) -> str:
    """The String column beside a flag: how it was read, or what is suggested."""
    return f"{name}~{kind}="
