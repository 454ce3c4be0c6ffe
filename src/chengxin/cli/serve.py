"""`chengxin serve --site DIR`: the site's pages on this machine. Imports as in `cli.site`."""

import contextlib
import json
import multiprocessing
import os
from pathlib import Path
from typing import Annotated

import typer

from chengxin.cli import show
from chengxin.cli.site import HERE, Where, open_here
from chengxin.cli.worker import worker_beside
from chengxin.values.errors import Refused, Said

Port = Annotated[int, typer.Option(min=1, max=65_535, help="端口 · port")]
Address = Annotated[str, typer.Option("--address", help="监听地址 · address to listen on")]
Workers = Annotated[int, typer.Option(min=1, max=64, help="进程数 · processes")]
Certificate = Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="TLS 证书 · certificate")]
PrivateKey = Annotated[Path | None, typer.Option("--key", exists=True, dir_okay=False, help="TLS 私钥 · its key")]


def serve(
    site: Where = HERE,
    port: Port = 8000,
    address: Address = "127.0.0.1",
    workers: Workers = 1,
    certificate: Certificate = None,
    key: PrivateKey = None,
    jobs: Annotated[
        bool, typer.Option(help="同时处理后台任务 · do jobs too; else run chengxin worker beside it")
    ] = True,
) -> None:
    """打开站点的网页 · serve the pages of a site, until Ctrl-C."""
    opened = open_here(site)
    if not opened.about.demo:
        _ready(opened.about.hosts, opened.about.proxied or (certificate is not None and key is not None))
    migrated()
    from chengxin.site.store.checks import refuse_demo_left

    refuse_demo_left()
    scheme = "https" if certificate else "http"
    show.say(
        Said(
            f"请打开 {scheme}://localhost:{port}/ ，按 Ctrl-C 停止。",
            f"Open {scheme}://localhost:{port}/ and press Ctrl-C to stop.",
        )
    )
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    os.environ["CHENGXIN_SITE"] = str(site.resolve())
    # Polars' threads do not live on in a forked process: what waits for them there waits for ever.
    multiprocessing.set_start_method("spawn", force=True)
    server = Granian(
        "chengxin.site.wsgi:application",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=_threads(),
        ssl_cert=certificate,
        ssl_key=key,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
    )
    with worker_beside(site) if jobs else contextlib.nullcontext():
        server.serve()


def _threads() -> int:
    """One for each page that may be under way at a time in a process."""
    return 4


def _ready(hosts: tuple[str, ...], encrypted: bool) -> None:
    """Refuses to put a site in service without a name or without TLS."""
    if not hosts:
        example = json.dumps({"hosts": ["credit.example.gov.cn"]})
        said = Said(
            f"请在 site.json 写明站点的域名，如 {example}。", f"Name the site's hosts in site.json, such as {example}."
        )
        raise Refused("no-hosts", said)
    if not encrypted:
        zh = "正式站点只走 TLS：请给 --certificate 和 --key，或由前置代理加密并在 site.json 写 proxied。"
        en = "A site in service needs TLS: give --certificate and --key, or let a proxy do it and say so (proxied) in site.json."
        raise Refused("no-tls", Said(zh, en))


def migrated() -> None:
    """Refuses to serve a database that is older than these pages."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        zh = "数据库的表比程序旧：先执行 CHENGXIN_SITE=站点目录 ./manage.py migrate。"
        raise Refused(
            "not-migrated",
            Said(zh, "The tables are older than the program: run CHENGXIN_SITE=DIR ./manage.py migrate."),
        )
