"""Turtle as text: written one way, and with its line numbers known."""

from .lines import LineIndex
from .writer import edit_turtle, format_turtle, write_turtle

__all__ = ["LineIndex", "edit_turtle", "format_turtle", "write_turtle"]
