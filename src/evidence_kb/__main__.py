"""``python -m evidence_kb`` is ``kb``."""

from .cli.main import run

run()
