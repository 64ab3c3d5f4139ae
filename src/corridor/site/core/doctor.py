"""What ``corridor doctor`` looks at: whether the data can be trusted."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from corridor.engine.factors import Label

from . import audit
from .models import AuditEntry, Job, Party, Upload
from .region import corridor
from .uploads import path_of


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is well, and what was seen."""

    well: bool
    what: Label


def findings() -> Iterator[Finding]:
    """Everything looked at, one after another."""
    yield from (_migrations(), _database(), _audit(), _files(), _secrets(), _jobs(), _cities())


def _migrations() -> Finding:
    try:
        call_command("migrate", check=True, verbosity=0)
    except (CommandError, SystemExit):
        return Finding(False, Label("数据库结构不是最新，请运行 corridor serve 或 migrate",
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
    broken = list(audit.faults())
    count = AuditEntry.objects.count()
    if broken:
        where = ", ".join(broken[:10])
        return Finding(False, Label(f"审计链断裂，在第 {where} 条",
                                    f"the audit chain is broken at entry {where}"))  # fmt: skip
    return Finding(True, Label(f"审计链完整，共 {count} 条", f"audit chain whole, {count} entries"))


def _files() -> Finding:
    wrong = [
        upload.name
        for upload in Upload.objects.iterator()
        if not path_of(upload.key).is_file()
        or hashlib.sha256(path_of(upload.key).read_bytes()).hexdigest() != upload.sha256
    ]
    if wrong:
        names = "、".join(wrong[:5])
        return Finding(False, Label(f"{len(wrong)} 个上传文件缺失或被改动：{names}",
                                    f"{len(wrong)} uploads missing or changed: {names}"))  # fmt: skip
    return Finding(True, Label("上传文件齐全", "all uploads are there"))


def _secrets() -> Finding:
    try:
        for party in Party.objects.exclude(contact_phone="")[:20]:
            party.contact_phone.reveal()
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
    waiting = Job.objects.filter(state=Job.State.QUEUED).count()
    return Finding(failed == 0, Label(f"任务：{waiting} 个排队，{failed} 个失败",
                                      f"jobs: {waiting} queued, {failed} failed"))  # fmt: skip


def _cities() -> Finding:
    names = "、".join(city.label.zh for city in corridor().cities)
    return Finding(
        True, Label(f"走廊城市：{names}", f"corridor of {len(corridor().cities)} cities")
    )
