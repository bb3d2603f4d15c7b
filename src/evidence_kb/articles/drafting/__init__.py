"""From a `Document` to triples, and from a changed article to what became of them."""
