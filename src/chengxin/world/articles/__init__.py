"""Made-up notices, lessons and guides of the district, `SECTION/SLUG.md` each: Chinese, a line of three hyphens, English."""

from importlib.resources import files
from pathlib import Path


def shipped_articles() -> Path:
    """The folder of these texts."""
    return Path(str(files("chengxin.world.articles")))
