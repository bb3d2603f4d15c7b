"""Plain text: bare headings, hard-broken lines, lists of sources by their layout."""
