"""The process of one heavy job: ``python -m corridor.site.core.heavy JOB LEASE``."""

import os
import sys
import threading


def main() -> None:
    """Do the job named on the command line; it was claimed by the worker that started this."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "corridor.site.settings")
    import django

    django.setup()
    from corridor.site.core import jobs
    from corridor.site.core.models import Job

    number, lease = int(sys.argv[1]), sys.argv[2]
    jobs.perform(jobs.Run(Job.objects.get(pk=number), lease))


def _end_with_parent() -> None:
    """The worker holds the other end of our input; it closes when the worker is gone, even killed.

    Whatever was not committed is lost, as it would be if this process had been killed too.
    """
    # Not through sys.stdin, whose lock this thread would still hold when the interpreter ends.
    while os.read(0, 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
