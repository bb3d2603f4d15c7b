"""The ``kb`` command: a thin shell over the library."""
