"""Set-up and service, on the machine's own Python: `python3 -m infra.bootstrap environment|ready|run|down`."""

import sys

if sys.version_info < (3, 11):
    sys.exit("Zaidan needs Python 3.11 or newer; this is %d.%d. Name another: make PYTHON=python3.11 run" % sys.version_info[:2])

import argparse
import os

from infra.bootstrap import assets, environment
from infra.bootstrap.progress import Progress, StepFailed
from infra.embedded.home import EmbeddedError


def main() -> int:
    parser = argparse.ArgumentParser(prog="python3 -m infra.bootstrap", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    prepare = verbs.add_parser("environment", help="the Python environment")
    prepare.add_argument("--dev", action="store_true", help="with the tools for tests and checks")
    verbs.add_parser("ready", help="everything that tests and checks need")
    serve = verbs.add_parser("run", help="everything, served")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument("--host", default="127.0.0.1")
    end = verbs.add_parser("down", help="stop what this checkout started")
    end.add_argument("--delete", action="store_true", help="and remove its data")
    asked = parser.parse_args()
    os.chdir(environment.CHECKOUT)
    try:
        if asked.verb == "run":
            from infra.bootstrap.run import run

            return run(port=asked.port, host=asked.host)
        if asked.verb == "down":
            from infra.bootstrap.stop import stop

            return stop(delete=asked.delete)
        progress = Progress()
        if asked.verb == "environment":
            environment.prepare(progress, dev=asked.dev)
        else:
            assets.beside(progress, lambda: environment.prepare(progress, dev=True))
    except (StepFailed, EmbeddedError) as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
