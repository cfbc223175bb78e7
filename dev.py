#!/usr/bin/env python3
"""One door to this project: sets everything up and runs, tests, measures or manages it.

Needs nothing but Python 3.11-3.13 with venv; `./dev.py --help` lists the commands.
"""

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "dev.py needs Python 3.11 or newer, this is %s. On Debian 12: apt-get install python3-venv"
        % sys.version.split()[0]
    )

from devtools.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
