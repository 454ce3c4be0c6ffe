"""All writes of a site: each action writes its rows and its events in one change set."""
