"""All tables of a site, their bulk forms, and the store that the way writes to."""
