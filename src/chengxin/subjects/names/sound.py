"""How names sound: pinyin without tones, and initials."""

from dataclasses import dataclass

from chengxin.subjects.names.words import Said, Words

LONGEST = 60  # letters of a name's sound that are kept


@dataclass(frozen=True)
class Heard:
    """A core in letters. `others`: by second readings, the same where there are none."""

    sound: str
    initials: str
    other_sound: str
    other_initials: str

    def every(self) -> tuple[str, str, str, str]:
        """Sounds and initials in turn."""
        return self.sound, self.initials, self.other_sound, self.other_initials


def heard(core: str, words: Words) -> Heard:
    """How a core sounds."""
    said = words.said(core)
    first = _letters(said, words.readings, words)
    second = first if words.others.keys().isdisjoint(said) else _letters(said, words.others, words)
    return Heard(*(letters[:LONGEST] for letters in (*first, *second)))


def spelt(text: str, words: Words) -> Said:
    """All of a text in letters, and its initials."""
    return _letters(words.said(text), words.readings, words)


def _letters(said: list[str], preferred: dict[str, Said], words: Words) -> Said:
    both = [preferred.get(t) or words.readings.get(t) or (t.lower(), t.lower()) for t in said]
    return "".join(b[0] for b in both), "".join(b[1] for b in both)


def syllables(core: str, words: Words) -> list[str]:
    """The readings of a core's characters one by one, to be compared."""
    return [words.readings.get(character, (character, ""))[0] for character in core]
