"""Standards: the catalogue as of a day. Loads the data, knows the kinds of things in it, refuses what is not law."""
