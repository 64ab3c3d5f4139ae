"""The doctor: whatever may be wrong with an installation is said."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cast import cast
from django.db import connection
from django.utils import timezone

from corridor.site.core import doctor, region, uploads
from corridor.site.core.models import Job, Party
from corridor.site.core.verbs import act


@pytest.mark.django_db
class TestDoctor:
    """Each thing that may be amiss is found and named."""

    def amiss(self) -> list[str]:
        return [finding.what.en for finding in doctor.findings() if not finding.well]

    def test_a_sound_house(self) -> None:
        people = cast()
        uploads.keep(people.alice, "a.csv", "csv", b"a,b\n")
        with act(people.alice, "party.update", Party.objects.get(pk=people.alice.party)):
            pass
        found = list(doctor.findings())
        assert self.amiss() == []
        assert len(found) == 9
        assert all(finding.what.zh and finding.what.en for finding in found)

    def test_a_schema_that_is_not_current(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE app = 'notices'")
        assert len(list(doctor.findings())) == 1
        assert "not current" in self.amiss()[0]

    def test_files_missing_or_changed(self) -> None:
        people = cast()
        for name in ("gone.csv", "changed.csv"):
            kept = uploads.keep(people.alice, name, "csv", b"a,b\n")
            path = uploads.path_of(kept.key)
            path.unlink() if name == "gone.csv" else path.write_bytes(b"x")
        assert self.amiss() == ["2 uploads missing or changed: gone.csv, changed.csv"]

    def test_another_secret_key(self, settings: Any) -> None:
        cast()
        settings.SECRET_KEY = "another"
        assert "not the one" in self.amiss()[0]

    def test_a_secret_key_others_can_read(self, settings: Any) -> None:
        key = Path(settings.DATA) / "secret.key"
        key.chmod(0o644)
        try:
            assert "0600" in self.amiss()[0]
        finally:
            key.chmod(0o600)

    def test_jobs_that_failed(self) -> None:
        now = timezone.now()
        Job.objects.create(kind="x", key="a", not_before=now, state=Job.State.FAILED)
        Job.objects.create(kind="x", key="b", not_before=now - timedelta(hours=1))
        assert self.amiss() == ["jobs: 1 queued, 1 failed, 1 waiting over 10 min (is a worker up?)"]

    def test_a_clock_that_went_back(self, monkeypatch: pytest.MonkeyPatch) -> None:
        people = cast()
        with act(people.alice, "party.update", Party.objects.get(pk=people.alice.party)):
            pass
        earlier = timezone.now() - timedelta(hours=3)
        monkeypatch.setattr(timezone, "now", lambda: earlier)
        assert self.amiss() == ["the clock went back: an entry is 3.0 h ahead of it"]

    def test_a_city_table_that_cannot_be_read(self, settings: Any, tmp_path: Path) -> None:
        settings.CORRIDOR_FILE = tmp_path / "none.toml"
        region.corridor.cache_clear()
        try:
            assert self.amiss()[0].startswith("the city table: ")
        finally:
            region.corridor.cache_clear()

    @pytest.mark.skipif("connection.vendor != 'sqlite'", reason="a file is damaged")
    def test_a_damaged_database(self, monkeypatch: pytest.MonkeyPatch) -> None:
        class Damaged:
            def __enter__(self) -> Any:
                return self

            def __exit__(self, *_: object) -> None: ...

            def execute(self, statement: str) -> Any:
                self.said = "row 3 missing from index" if "check" in statement else "delete"
                return self

            def fetchone(self) -> tuple[str]:
                return (self.said,)

        monkeypatch.setattr(doctor.connection, "cursor", Damaged)
        finding = doctor._database()
        assert not finding.well and "row 3 missing" in finding.what.en
