"""Files people send: checked by what is in them, kept outside static, served as attachments."""

import hashlib
import secrets
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse
from django.utils.translation import gettext as _

from .actor import Actor
from .errors import Forbidden, Invalid, Missing
from .models import Upload

MAX_UNPACKED = 200 * 1024 * 1024
MAX_PARTS = 2000
#: Beyond this ratio it is a bomb, but for a small workbook, where it is many empty cells.
MAX_RATIO, SMALL = 200, 20 * 1024 * 1024


def receive(actor: Actor, file: "UploadedFile[bytes]", formats: frozenset[str]) -> Upload:
    """Keep an uploaded file, if it is what its name says and one of ``formats``.

    Raises :class:`Invalid` saying what was found and what may be sent.
    """
    given = Path("".join(char for char in str(file.name or "") if char.isprintable()))
    suffix = given.suffix.lower().lstrip(".")
    name = given.stem[: 199 - len(suffix)] + given.suffix
    allowed = ", ".join(sorted(formats))
    if suffix not in formats:
        _refuse(
            _("不能上传“%(name)s”。可以上传：%(allowed)s。") % {"name": name, "allowed": allowed}
        )
    if not file.size:
        _refuse(_("文件是空的。"))
    if file.size and file.size > settings.MAX_UPLOAD_BYTES:
        most = settings.MAX_UPLOAD_BYTES // (1024 * 1024)
        _refuse(_("文件太大：最多 %(most)s MB，请拆分后再传。") % {"most": most})
    if not _LOOKS[suffix](file):
        _refuse(
            _("“%(name)s”的内容不是 %(suffix)s 文件，或已损坏。请用原程序另存后再传。")
            % {"name": name, "suffix": suffix}
        )
    file.seek(0)
    return keep(actor, name, suffix, file.read())


def keep(actor: Actor, name: str, suffix: str, content: bytes) -> Upload:
    """Keep a file of the actor's party. On disk before it is in the database."""
    if actor.party is None:
        raise Forbidden(_("请先登录。"))
    key = secrets.token_hex(16)
    path = path_of(key)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_bytes(content)
    part.replace(path)
    return Upload.objects.create(
        party_id=actor.party,
        user_id=actor.user,
        key=key,
        name=name,
        format=suffix,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def path_of(key: str) -> Path:
    """Where the bytes of an upload lie."""
    return Path(settings.UPLOADS) / key[:2] / key


def response(upload: Upload) -> FileResponse:
    """The file as an attachment that no browser will run. Raises ``Missing`` where it is lost."""
    try:
        content = path_of(upload.key).open("rb")
    except FileNotFoundError:
        raise Missing(_("文件已经不在了，请重新上传或生成。")) from None
    answer = FileResponse(
        content,
        as_attachment=True,
        filename=upload.name,
        content_type="application/octet-stream",
    )
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, no-store"
    return answer


def tidy() -> int:
    """Remove files that nothing refers to a day later: what kept them was undone; how many."""
    known = set(Upload.objects.values_list("key", flat=True))
    before = time.time() - 86400
    orphans = [
        path
        for path in Path(settings.UPLOADS).glob("??/*")
        if path.stem not in known and path.stat().st_mtime < before
    ]
    for path in orphans:
        path.unlink(missing_ok=True)
    return len(orphans)


def _refuse(message: str) -> None:
    raise Invalid(message, {"file": message})


def _starts(magic: bytes) -> Callable[[IO[bytes]], bool]:
    def look(file: IO[bytes]) -> bool:
        file.seek(0)
        return file.read(len(magic)) == magic

    return look


def _is_xlsx(file: IO[bytes]) -> bool:
    """A workbook, and not one that unpacks to hundreds of megabytes."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False
    unpacked = sum(part.file_size for part in parts)
    dense = unpacked > SMALL and unpacked > MAX_RATIO * sum(part.compress_size for part in parts)
    if unpacked > MAX_UNPACKED or len(parts) > MAX_PARTS or dense:
        _refuse(_("工作簿解压后过大，不予读取。请删去空白的行列和图片后另存再传。"))
    return "xl/workbook.xml" in {part.filename for part in parts}


def _is_text(file: IO[bytes]) -> bool:
    file.seek(0)
    head = file.read(65536)
    return b"\0" not in head or head[:2] in (b"\xff\xfe", b"\xfe\xff")


_LOOKS: dict[str, Callable[[IO[bytes]], bool]] = {
    "xlsx": _is_xlsx,
    "csv": _is_text,
    "jsonl": _is_text,
    "pdf": _starts(b"%PDF-"),
    "png": _starts(b"\x89PNG\r\n\x1a\n"),
    "jpg": _starts(b"\xff\xd8\xff"),
}
