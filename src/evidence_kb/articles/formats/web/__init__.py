"""HTML, and Markdown by way of it."""
