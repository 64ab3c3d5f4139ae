"""The installation's own secret: made once, kept beside the data, never in the database."""

import os
import secrets
from pathlib import Path


def secret_key(data: Path) -> str:
    """The secret of the installation in ``data``; made on first use, readable by its owner only.

    Two processes that start at once agree: only one file can be created.
    """
    file = data / "secret.key"
    data.mkdir(parents=True, exist_ok=True)
    fresh = data / f".secret.{os.getpid()}.{secrets.token_hex(4)}"
    if not file.exists():
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(64), encoding="ascii")
        try:
            os.link(fresh, file)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return file.read_text(encoding="ascii").strip()
