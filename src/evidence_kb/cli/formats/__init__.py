"""One module for each kind of output; none of them finds anything out by itself."""
