"""Comments and ratings → themes, what contradicts itself, whom to answer."""
