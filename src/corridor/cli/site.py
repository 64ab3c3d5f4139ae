"""``corridor demo | serve | worker | doctor | setup``: the site from the command line."""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from corridor.demo import corridor_file
from corridor.engine.factors import Label
from corridor.engine.factors.credit_code import credit_code_fault
from corridor.io import InputError, read_corridor

from . import console, options

HERE = "127.0.0.1"
_FOLDER = "数据目录 / folder of the database, uploads and secret key"
DataFolder = Annotated[Path, typer.Option("--data", envvar="CORRIDOR_DATA", help=_FOLDER)]
#: Never the folder of a real site, whatever the environment says.
DemoFolder = Annotated[Path, typer.Option("--data", help=_FOLDER)]
PortOption = Annotated[int, typer.Option("--port", min=1, max=65535, help="端口 / port")]
HostOption = Annotated[
    str,
    typer.Option("--host", help="监听地址，默认仅本机 / address to listen on, this machine only"),
]


def serve(
    data: DataFolder = Path("corridor-data"), host: HostOption = HERE, port: PortOption = 8000
) -> None:
    """运行网站与后台任务。/ Run the site and its worker in one process."""
    with console.errors_explained():
        _begin(data)
        _prepare()
        _say_where(host, port)
        _serve(host, port)


def worker(data: DataFolder = Path("corridor-data")) -> None:
    """只运行后台任务。/ Run a worker only, beside one or more web processes."""
    with console.errors_explained():
        _begin(data)
        _setup()
        from corridor.site.core.worker import work

        stop = threading.Event()
        _on_stop(stop)
        console.say(Label("后台任务已启动，Ctrl-C 停止", "worker started, Ctrl-C stops it"))
        work(stop)


def doctor(data: DataFolder = Path("corridor-data")) -> None:
    """检查数据是否可信：审计链、文件、密钥、数据库。/ Check that the data can be trusted."""
    with console.errors_explained():
        _begin(data)
        _setup()
        from corridor.site.core.doctor import findings

        well = True
        for finding in findings():
            well &= finding.well
            sign = "✓" if finding.well else "✗"
            typer.echo(f"{sign} {finding.what.zh} / {finding.what.en}")
        if not well:
            raise typer.Exit(console.DATA_ERROR)


def setup(
    name: Annotated[str, typer.Option("--office", help="走廊办名称 / name of the office")],
    code: Annotated[str, typer.Option("--code", help="统一社会信用代码 / its credit code")],
    city: Annotated[str, typer.Option("--city", help="所在城市代码 / code of its city")],
    user: Annotated[
        str, typer.Option("--user", help="首位管理员登录名 / login of its first officer")
    ],
    corridor: Annotated[
        Path, typer.Option("--corridor", help="走廊城市表 / the corridor's city table")
    ],
    data: DataFolder = Path("corridor-data"),
) -> None:
    """新建一个走廊：数据库、走廊办与首位管理员。/ Begin a corridor: database, office, first officer."""
    with console.errors_explained():
        if fault := credit_code_fault(code):
            raise console.usage(f"--code：{fault.zh}", f"--code: {fault.en}")
        read_corridor(corridor)
        data.mkdir(parents=True, exist_ok=True)
        _keep_cities(corridor, data / "corridor.toml")
        _begin(data)
        _prepare()
        from corridor.site.core.actions import found_office
        from corridor.site.core.errors import Refused

        password = secrets.token_urlsafe(12)
        try:
            found_office(name=name, credit_code=code, city=city, username=user, password=password)
        except Refused as refusal:
            said = "；".join(map(str, [refusal.message, *refusal.fields.values()]))
            raise console.usage(said, said) from None
        typer.echo(f"{user}  {password}")
        console.say(
            Label(
                f"密码只显示这一次。运行 corridor serve --data {data}，登录后先绑定动态口令。",
                f"The password is shown once. Run corridor serve --data {data}, log in, and set "
                "up the second factor first.",
            )
        )


def _keep_cities(corridor: Path, kept: Path) -> None:
    """Put the city table into the data folder; one that is there already is never replaced."""
    if not kept.exists():
        shutil.copyfile(corridor, kept)
    elif kept.read_bytes() != corridor.read_bytes():
        raise InputError(
            kept,
            "这里已有另一张城市表，没有改动；请换一个 --data，或直接编辑它",
            "another city table is here already and was left alone; name another --data, or edit it",
        )


StoriedOption = Annotated[
    int,
    typer.Option(
        "--listings",
        min=2_000,
        max=1_000_000,
        help="供需条数，不少于 2000 / listings, 2,000 or more",
    ),
]


def demo(
    data: DemoFolder = Path("demo-data"),
    port: PortOption = 8000,
    reset: Annotated[
        bool, typer.Option("--reset", help="丢弃改动，重建演示 / throw away changes, begin anew")
    ] = False,
    listings: StoriedOption = 4_000,
    seed: options.SeedOption = 7,
) -> None:
    """打开配齐的九城演示网站（仅本机）。/ Open the furnished nine-city site, on this machine only."""
    with console.errors_explained():
        mark = data / "demo.finished"
        _ours(data, mark)
        if reset:
            _clear(data)
        os.environ["CORRIDOR_DEMO"] = "1"
        os.environ["CORRIDOR_URL"] = f"http://{HERE}:{port}"
        os.environ.pop("CORRIDOR_DATABASE_URL", None)
        if not mark.exists():
            data.mkdir(parents=True, exist_ok=True)
            _unfinished(data).touch()
            _clear(data, keep=(_unfinished(data).name,))
            shutil.copyfile(str(corridor_file()), data / "corridor.toml")
        _begin(data)
        if not mark.exists():
            furnish = [sys.executable, "-m", "corridor.site.demo", str(listings), str(seed)]
            if subprocess.run(furnish, check=False).returncode:
                raise typer.Exit(console.DATA_ERROR)
            _unfinished(data).replace(mark)
        _prepare()
        typer.echo(mark.with_name("logins.txt").read_text(encoding="utf-8"))
        _say_where(HERE, port)
        _serve(HERE, port)


def _ours(data: Path, mark: Path) -> None:
    """Refuse to touch a folder that holds something else than a demo."""
    if data.is_dir() and any(data.iterdir()) and not (mark.exists() or _unfinished(data).exists()):
        raise InputError(
            data,
            "这个目录里有别的东西，演示不会碰它；请用 --data 指定一个新目录",
            "this folder holds something else, the demo leaves it alone; name a new one with --data",
        )


def _unfinished(data: Path) -> Path:
    """Stands in the folder until the demo is furnished, so that a killed run can begin again."""
    return data / "demo.unfinished"


def _clear(data: Path, keep: tuple[str, ...] = ()) -> None:
    """Empty a demo's folder."""
    for path in data.iterdir() if data.is_dir() else ():
        if path.name not in keep:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _begin(data: Path) -> None:
    """Point the settings at ``data``, before Django reads them."""
    os.environ["CORRIDOR_DATA"] = str(data.resolve())
    os.environ["DJANGO_SETTINGS_MODULE"] = "corridor.site.settings"
    if not (data / "corridor.toml").is_file():
        raise InputError(
            data / "corridor.toml",
            "没有走廊城市表；新建走廊请运行 corridor setup，看演示请运行 corridor demo",
            "there is no city table; corridor setup begins a corridor, corridor demo shows one",
        )
    read_corridor(data / "corridor.toml")


def _setup() -> None:
    try:
        import django
    except ModuleNotFoundError:
        raise console.usage(
            '网站需要：pip install "corridor[site]"', 'The site needs: pip install "corridor[site]"'
        ) from None
    django.setup()


def _prepare() -> None:
    """Bring the database and the static files up to date."""
    _setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)


def _say_where(host: str, port: int) -> None:
    import segno
    from django.conf import settings

    shown = (
        settings.SITE_URL
        if host == HERE or "CORRIDOR_URL" in os.environ
        else f"http://{host}:{port}"
    )
    typer.echo()
    segno.make(shown).terminal(compact=True, border=2)
    typer.echo(f"\n  {shown}\n")
    console.say(Label("Ctrl-C 停止", "Ctrl-C stops it"))


def _on_stop(stop: threading.Event) -> None:
    def stopped(_number: int, _frame: FrameType | None) -> None:
        stop.set()
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stopped)


def _serve(host: str, port: int) -> None:
    """Web and worker, until interrupted; the job under way is finished first."""
    from django.conf import settings
    from waitress import create_server

    from corridor.site.core.worker import work
    from corridor.site.wsgi import application

    try:
        server = create_server(
            application,
            host=host,
            port=port,
            threads=4,
            ident=None,
            max_request_body_size=settings.MAX_BODY_BYTES,
            channel_timeout=60,
        )
    except OSError as error:
        raise console.usage(
            f"端口 {port} 不能用：{error}；请用 --port 换一个",
            f"cannot listen on port {port}: {error}; choose another with --port",
        ) from None
    stop = threading.Event()
    _on_stop(stop)
    hand = threading.Thread(target=work, args=(stop,), name="worker")
    hand.start()
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        stop.set()
        server.close()
        hand.join()
