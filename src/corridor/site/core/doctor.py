"""What ``corridor doctor`` looks at: whether the data can be trusted."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone

from corridor.engine.factors import Label
from corridor.io import InputError

from . import audit
from .models import AuditEntry, Job, Party, Upload
from .region import corridor
from .uploads import path_of

#: Tables that the database refuses to change, by triggers.
APPEND_ONLY = ("core_auditentry", "core_consent", "core_reveal")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is well, and what was seen."""

    well: bool
    what: Label


def findings() -> Iterator[Finding]:
    """Everything looked at, one after another; without a current schema nothing after it."""
    schema = _migrations()
    yield schema
    if schema.well:
        looks = (_database, _audit, _triggers, _clock, _files, _secrets, _jobs, _cities)
        yield from (look() for look in looks)


def _migrations() -> Finding:
    try:
        call_command("migrate", check=True, verbosity=0)
    except (CommandError, SystemExit):
        return Finding(False, Label("数据库结构不是最新，请运行 corridor serve",
                                    "the schema is not current; run corridor serve"))  # fmt: skip
    return Finding(True, Label("数据库结构最新", "the schema is current"))


def _database() -> Finding:
    if connection.vendor != "sqlite":
        return Finding(True, Label("数据库：PostgreSQL", "database: PostgreSQL"))
    with connection.cursor() as cursor:
        said = cursor.execute("PRAGMA quick_check").fetchone()[0]
        mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
    well = said == "ok" and mode == "wal"
    return Finding(well, Label(f"SQLite 自检：{said}，日志模式 {mode}",
                               f"SQLite check: {said}, journal mode {mode}"))  # fmt: skip


def _audit() -> Finding:
    broken = [*audit.faults(), *_cut_off()]
    count = AuditEntry.objects.count()
    if broken:
        where = ", ".join(broken[:10])
        return Finding(False, Label(f"审计链断裂，在第 {where} 条",
                                    f"the audit chain is broken at entry {where}"))  # fmt: skip
    return Finding(True, Label(f"审计链完整，共 {count} 条", f"audit chain whole, {count} entries"))


def _cut_off() -> list[str]:
    """Where the chain once ended, if it has no such entry any more. Noted daily by ``core.tidy``."""
    noted = Job.objects.filter(kind="core.tidy", state=Job.State.DONE).order_by("-id").first()
    number, seal = noted.result.get("audit", (0, "")) if noted else (0, "")
    there = not number or AuditEntry.objects.filter(id=number, seal=seal).exists()
    return [] if there else [str(number)]


def _triggers() -> Finding:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT tbl_name FROM sqlite_master WHERE name LIKE '%_append_only_%'")
            needed = 2
        else:
            cursor.execute(
                "SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
                " WHERE tgname LIKE '%_append_only' AND tgenabled <> 'D'"
            )
            needed = 1
        guarded = [row[0] for row in cursor.fetchall()]
    open_ = [table for table in APPEND_ONLY if guarded.count(table) < needed]
    if open_:
        tables = ", ".join(open_)
        return Finding(False, Label(f"防改触发器不在：{tables}",
                                    f"the triggers against change are gone: {tables}"))  # fmt: skip
    return Finding(True, Label("审计、同意与查看记录只能追加",
                               "audit, consents and reveals can only be added to"))  # fmt: skip


def _clock() -> Finding:
    newest = AuditEntry.objects.order_by("-at").values_list("at", flat=True).first()
    ahead = (newest - timezone.now()) if newest else timedelta()
    if ahead > timedelta(minutes=5):
        hours = f"{ahead.total_seconds() / 3600:.1f}"
        return Finding(False, Label(f"时钟倒退：最新审计条目比本机时钟早到 {hours} 小时",
                                    f"the clock went back: an entry is {hours} h ahead of it"))  # fmt: skip
    return Finding(True, Label("时钟没有倒退", "the clock has not gone back"))


def _files() -> Finding:
    wrong = [
        upload.name
        for upload in Upload.objects.iterator()
        if not path_of(upload.key).is_file()
        or hashlib.sha256(path_of(upload.key).read_bytes()).hexdigest() != upload.sha256
    ]
    if wrong:
        names = ", ".join(wrong[:5])
        return Finding(False, Label(f"{len(wrong)} 个上传文件缺失或被改动：{names}",
                                    f"{len(wrong)} uploads missing or changed: {names}"))  # fmt: skip
    return Finding(True, Label("上传文件齐全", "all uploads are there"))


def _secrets() -> Finding:
    try:
        list(Party.objects.exclude(contact_phone="")[:20])
    except ValueError:
        return Finding(False, Label(f"{settings.DATA / 'secret.key'} 不是写入这个数据库时的密钥",
                                    "secret.key is not the one this database was written with"))  # fmt: skip
    mode = (settings.DATA / "secret.key").stat().st_mode & 0o077
    if mode:
        return Finding(False, Label("secret.key 可被他人读取，请改为 0600",
                                    "secret.key can be read by others; make it 0600"))  # fmt: skip
    return Finding(
        True, Label("联系方式可解密，密钥仅本人可读", "contacts decrypt, key is private")
    )


def _jobs() -> Finding:
    failed = Job.objects.filter(state=Job.State.FAILED).count()
    queued = Job.objects.filter(state=Job.State.QUEUED)
    late = queued.filter(not_before__lt=timezone.now() - timedelta(minutes=10)).count()
    return Finding(not failed, Label(
        f"任务：{queued.count()} 个排队，{failed} 个失败，{late} 个等了 10 分钟以上（后台任务在运行吗？）",
        f"jobs: {queued.count()} queued, {failed} failed, {late} waiting over 10 min (is a worker up?)",
    ))  # fmt: skip


def _cities() -> Finding:
    try:
        cities = corridor().cities
    except InputError as error:
        return Finding(False, Label("城市表不可读：", "the city table: ") + error.label)
    return Finding(True, Label(f"走廊城市：{'、'.join(city.label.zh for city in cities)}",
                               f"corridor of {len(cities)} cities"))  # fmt: skip
