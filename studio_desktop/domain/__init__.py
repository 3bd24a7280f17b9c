"""Values and rules of the studio: plain Python, nothing of Qt, SQL or files."""
