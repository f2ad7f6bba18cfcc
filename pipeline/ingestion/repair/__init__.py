"""Findings → steps that would mend them; a recipe of steps → the cells that it changes."""
