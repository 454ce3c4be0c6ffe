"""The site: Django's tables, every write, and later the desks. Nothing but `cli` may import it."""
