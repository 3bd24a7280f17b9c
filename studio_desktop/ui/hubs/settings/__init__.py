"""The settings page, built from what settings and preferences are declared to be."""
