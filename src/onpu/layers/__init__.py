"""General deep learning, torch only, no music."""
