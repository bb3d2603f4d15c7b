"""One reader for each format, all giving a `Manuscript`; only Markdown knows another, HTML."""
