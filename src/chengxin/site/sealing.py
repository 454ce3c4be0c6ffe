"""A file that comes by a form of the desk: sealed piece by piece as it arrives."""

from django.http import HttpRequest

from chengxin.site.actions.kept import Sealer
from chengxin.site.arriving import MOST, Arrived, Arriving
from chengxin.site.folder import site_here
from chengxin.values.errors import Refused, Said
from chengxin.values.text import fitting_name

__all__ = ["MOST", "sealed_file", "sealing"]


def sealing(page: HttpRequest) -> Arriving:
    """Seals what comes: nothing of a file lies in the clear."""
    return Arriving(page, lambda name: Sealer(site_here()))


def sealed_file(page: HttpRequest, field: str) -> tuple[str, Sealer]:
    """Name and seal of the file of a form. Raises Refused if none was chosen or it is empty."""
    found = page.FILES.get(field)
    if not isinstance(found, Arrived) or not isinstance(found.taker, Sealer):
        raise Refused("no-file", Said("请选择要上传的文件。", "Please choose a file."))
    if not found.taker.size:
        found.taker.discard()
        raise Refused("empty-file", Said("文件是空的，请核对后重新选择。", "The file is empty; please choose another."))
    name = "".join(c for c in (found.name or "") if c.isprintable()).strip()
    return fitting_name(name), found.taker
