"""Everything that leaves the studio as PDF or Excel."""
