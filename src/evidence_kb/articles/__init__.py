"""Reading articles: what a file says (`Manuscript`), and what was understood of it (`Document`)."""
