"""Audit the sources of a knowledge base: the same as ``kb audit``, with the same options."""

import sys

from evidence_kb.cli.main import main

sys.exit(main(["audit", *sys.argv[1:]]))
