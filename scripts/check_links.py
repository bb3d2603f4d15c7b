"""Check the addresses of a knowledge base: the same as ``kb links``, with the same options."""

import sys

from evidence_kb.cli.main import main

sys.exit(main(["links", *sys.argv[1:]]))
