"""The outlines of marks in the picture, told apart without colour: in drawing, graph and legend."""

from __future__ import annotations

__all__ = ["FOOTING_SHAPES", "SOURCE_SHAPES"]

#: The outline of each footing's mark, in the square from -1 to 1; "circle" and "ring" are round.
FOOTING_SHAPES: dict[str, str] = {
    "disputed": "-1 -.55 -.55 -1 0 -.45 .55 -1 1 -.55 .45 0 1 .55 .55 1 0 .45 -.55 1 -1 .55 -.45 0",
    "lost": "0 -1 1 0 0 1 -1 0",
    "miscited": "-1 -.85 1 -.85 0 .95",
    "contested": "-1 -1 1 -1 .3 0 1 1 -1 1 -.3 0",
    "none": "ring",
    "appeal": "0 -.95 1 .85 -1 .85",
    "cited": "-.85 -.85 .85 -.85 .85 .85 -.85 .85",
    "partly-supported": "-.5 -.9 .5 -.9 1 0 .5 .9 -.5 .9 -1 0",
    "supported": "circle",
}
#: The same for sources, by what is known of their address.
SOURCE_SHAPES: dict[str, str] = {
    "reached": "-1 -1 1 -1 1 1 -1 1",
    "doubtful": "-.7 -1 .7 -1 1 0 .7 1 -.7 1 -1 0",
    "gone": "-1 -1 1 -1 .7 0 1 1 -1 1 -.7 0",
    "unchecked": "-1 -.6 -.8 -1 .8 -1 1 -.6 1 .6 .8 1 -.8 1 -1 .6",
    "no-address": "-1 -1 .7 -1 1 0 .7 1 -1 1",
}
