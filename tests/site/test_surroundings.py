"""What every other test of the site stands on: the database, the schema, the running site."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction

import postgres
from corridor.site.core.models import User

CHILD = [sys.executable, "-W", "ignore", "-c"]
OUTSIDE = {"DJANGO_SETTINGS_MODULE": "corridor.site.settings"}


def child(code: str) -> str:
    """What a process of its own prints."""
    done = subprocess.run(
        [*CHILD, f"import django; django.setup(); {code}"],
        env=os.environ | OUTSIDE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.django_db
def test_the_database_is_the_one_asked_for() -> None:
    wanted = os.environ["CORRIDOR_TEST_DATABASE"]
    assert connection.vendor == wanted
    if wanted == "sqlite":
        assert Path(str(connection.settings_dict["NAME"])).is_file()
        with connection.cursor() as cursor:
            mode = cursor.execute("PRAGMA journal_mode").fetchone()
        assert mode == ("wal",)
        assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    else:
        with connection.cursor() as cursor:
            cursor.execute("SHOW data_directory")
            assert "corridor-postgres-" in cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_a_child_process_uses_the_same_database() -> None:
    User.objects.create(username="alice")
    names = "list(User.objects.values_list('username', flat=True))"
    assert child(f"from corridor.site.core.models import User; print({names})") == "['alice']"


@pytest.mark.django_db(transaction=True)
def test_threads_race_and_none_is_lost() -> None:
    user = User.objects.create(username="a")

    def add() -> None:
        with transaction.atomic():
            row = User.objects.select_for_update().get(pk=user.pk)
            row.username += "x"
            row.save()
        connections.close_all()

    threads = [threading.Thread(target=add) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    user.refresh_from_db()
    assert user.username == "a" + 12 * "x"


@pytest.mark.django_db
def test_the_migrations_make_the_models() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=1)


def test_web_requests_load_no_heavy_engine() -> None:
    heavy = "{'numba', 'llvmlite', 'ortools', 'polars'}"
    assert child(f"import sys, corridor.site.urls; print({heavy} & set(sys.modules))") == "set()"


def test_a_killed_test_run_leaves_no_postgresql() -> None:
    code = "import postgres, time\nwith postgres.server() as url: print(url, flush=True); time.sleep(60)"
    run = subprocess.Popen(
        [*CHILD, code], cwd=Path(postgres.__file__).parent, stdout=subprocess.PIPE, text=True
    )
    assert run.stdout is not None
    url = run.stdout.readline().strip().removesuffix(postgres.NAME) + "postgres"
    with psycopg.connect(url) as connected:
        (folder,) = connected.execute("SHOW data_directory").fetchone() or ("",)
    run.kill()
    run.wait()
    run.stdout.close()
    until = time.monotonic() + 10
    while Path(folder).parent.exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not Path(folder).parent.exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)
