"""The process of one heavy job: ``python -m corridor.site.core.heavy JOB LEASE``."""

import os
import sys


def main() -> None:
    """Do the job named on the command line; it was claimed by the worker that started this."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "corridor.site.settings")
    import django

    django.setup()
    from corridor.site.core import jobs
    from corridor.site.core.models import Job

    number, lease = int(sys.argv[1]), sys.argv[2]
    jobs.perform(jobs.Run(Job.objects.get(pk=number), lease))


if __name__ == "__main__":
    main()
