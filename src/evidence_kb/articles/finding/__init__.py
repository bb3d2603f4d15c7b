"""From a `Manuscript` to a `Document`, whatever the format: sentences, marks, mentions, appeals, entries."""
