"""The demo site: the synthetic nine-city world in the database, the role bar and the tour."""
