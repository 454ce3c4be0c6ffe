"""`chengxin`: the commands, and the one place where a refusal becomes a sentence."""

import os
import signal
import sys

import typer

from chengxin.cli import (
    accounts,
    check,
    confirm,
    demo,
    evidence,
    exchange,
    feed,
    file,
    judgements,
    report,
    serve,
    show,
    site,
    standards,
    template,
    validate,
    verify,
    worker,
    world,
)
from chengxin.values.errors import Refused, Said

app = typer.Typer(
    help="诚信：公共信用信息平台 · the open platform for public credit information",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(standards.app, name="standards")
app.command("validate")(validate.validate)
app.command("template")(template.template)
app.command("world")(world.world)
app.command("truth")(world.truth)
app.command("file")(file.file)
app.command("check")(check.check)
app.command("report")(report.report)
app.command("verify")(verify.verify)
app.command("confirm")(confirm.confirm)
app.command("changes")(feed.changes)
app.command("snapshot")(feed.snapshot)
app.command("demo")(demo.demo)
app.command("serve")(serve.serve)
app.command("worker")(worker.worker)
app.add_typer(exchange.exchange_app, name="exchange")
app.add_typer(site.site_app, name="site")
app.add_typer(site.authorities_app, name="authorities")
app.add_typer(accounts.accounts_app, name="accounts")
app.add_typer(evidence.log_app, name="log")
app.add_typer(evidence.keys_app, name="keys")
app.add_typer(judgements.queue_app, name="queue")
app.add_typer(judgements.subjects_app, name="subjects")
for _command in (site.submit, site.submissions, site.review, site.recall, site.release, site.replay):
    app.command(_command.__name__)(_command)


def main() -> None:
    """Run a command; a refused input ends with its sentence in both languages and exit code 2."""
    for number in (signal.SIGTERM, signal.SIGHUP):  # asked to end: clean up as for Ctrl-C
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    try:
        app()
    except SystemExit as end:
        _say_end(end.code)
        raise
    except Refused as refusal:
        show.say(refusal.said, show.err)
        sys.exit(2)
    except KeyboardInterrupt:
        show.say(Said("已停止。", "Stopped."), show.err)
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:  # a full disk, a folder that went away
        place, why = error.filename or "files", error.strerror or str(error)
        zh = f"读写文件时出错（{place}：{why}）。请核对路径和权限，以及磁盘是否已满。"
        show.say(
            Said(zh, f"Reading or writing {place} failed ({why}). Check the path, the rights, the disk."), show.err
        )
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(2)
    except Exception as error:
        if not _of_database(error):
            raise
        said = Said(
            f"数据库用不了：{error}。请核对站点目录、数据库地址和版本；已确认的报送不会丢。",
            f"The database can't be used: {error}. Check the folder, address and version; nothing acknowledged is lost.",
        )
        show.say(said, show.err)
        sys.exit(2)


def _of_database(error: Exception) -> bool:
    """A driver's error, told by its module: most commands run without Django."""
    return type(error).__module__.split(".")[0] in ("django", "psycopg", "sqlite3")


def _say_end(code: object) -> None:
    """What the command parser left unsaid: it speaks English only, and ends silently when interrupted."""
    if code == 2 and sys.argv[1:]:
        zh = "命令写错了：上面写明是哪个参数。加 --help 看用法。"
        show.say(Said(zh, "The command is not right, see above; add --help to see how it is used."), show.err)
    if code in (130, 143):
        show.say(Said("已停止。", "Stopped."), show.err)


if __name__ == "__main__":
    main()
