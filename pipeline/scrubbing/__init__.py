"""A comment goes in; out comes the same text without what tells who wrote it or of whom it speaks, and counts by kind.

`numbers` and `names` find, `comments` puts marks in their place, `staff` numbers those who may be kept apart.
"""
