"""Run every benchmark, or those named: ``python -m benchmarks [demo real extraction site meetings conference]``."""

import subprocess
import sys

NAMES = {
    "demo": "demo",
    "real": "real",
    "extraction": "extraction",
    "site": "site_pages",
    "meetings": "meetings",
    "conference": "conference",
}

for name in sys.argv[1:] or NAMES:
    if name not in NAMES:
        sys.exit(f"no benchmark {name}; there are: {', '.join(NAMES)}")
    print(f"\n## {name}\n", flush=True)
    # a process each, so that peak memory is that benchmark's own
    subprocess.run([sys.executable, "-m", f"benchmarks.{NAMES[name]}"], check=True)
