"""The few modal windows: where the studio is, who sits here, and what two desks changed at once."""
