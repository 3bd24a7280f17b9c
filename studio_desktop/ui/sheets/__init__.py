"""One sheet per record that is edited beside its client."""
