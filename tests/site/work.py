"""The worker of a test: does what waits in the queue, as `chengxin worker --once` does."""

import io
import re
from typing import Any

import polars as pl


def work() -> None:
    """Do all jobs that wait."""
    from django_tasks_db.management.commands.db_worker import Worker

    from chengxin.site.actions import report_batches, uploads  # noqa: F401 - the steps

    Worker(
        queue_names=["default"], excluded_queue_names=[], interval=0, batch=True, backend_name="default",
        startup_delay=False, max_tasks=None, worker_id="test",
    ).run()  # fmt: skip


def upload(browser: Any, resource: str, content: bytes, name: str = "报送.csv", **more: str) -> str:
    """Send a file by the form; the address of its job."""
    stream = io.BytesIO(content)
    stream.name = name
    answer = browser.post(f"/bumen/baosong/{resource}/shangchuan/", {"file": stream, "mode": "increment", **more})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def as_csv(rows: list[dict[str, Any]]) -> bytes:
    return pl.DataFrame(rows, infer_schema_length=None).write_csv().encode()


def checked(browser: Any, resource: str, rows: list[dict[str, Any]], **more: str) -> tuple[str, str]:
    """Send rows and let them be checked; address and text of the job's page."""
    address = upload(browser, resource, as_csv(rows), **more)
    work()
    return address, text(browser.get(address))


def sent(browser: Any, resource: str, rows: list[dict[str, Any]], **more: str) -> str:
    """Send rows to the end; the address of the receipt."""
    address, _ = checked(browser, resource, rows, **more)
    assert browser.post(f"{address}queren/").status_code == 302
    work()
    return landed(browser, address)


def signed(browser: Any, receipt: str, **more: str) -> str:
    """Sign the review of what has this receipt; the receipt's page after it. `more`: what the form holds beside."""
    identity = receipt.rstrip("/").rpartition("/")[2]
    answer = browser.post(f"/bumen/shencha/{identity}/", {"do": "sign", "looked": "yes", **more})
    assert answer.status_code == 302
    work()
    landed(browser, answer.headers["Location"])
    return text(browser.get(receipt))


def landed(browser: Any, job: str) -> str:
    answer = browser.get(job)
    assert answer.status_code == 302, text(answer)
    return str(answer.headers["Location"])


def text(answer: Any) -> str:
    return str(answer.content.decode())


def shown(page: str) -> str:
    """A page without its marks: what is read."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
