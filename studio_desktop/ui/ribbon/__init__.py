"""The ribbon: built from the action table and `resources/ribbon.toml`, following the page in front.

It is painted from the theme's tokens, as are its buttons, so that it needs no style sheet and follows the scheme.
"""

from studio_desktop.ui.ribbon.ribbon import Ribbon

__all__ = ["Ribbon"]
