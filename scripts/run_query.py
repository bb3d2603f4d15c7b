"""Ask a named question or run a .rq file: the same as ``kb query``, with the same options."""

import sys

from evidence_kb.cli.main import main

sys.exit(main(["query", *sys.argv[1:]]))
