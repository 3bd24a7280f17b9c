"""The maintained lists: one window for all of them."""
