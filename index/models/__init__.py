"""Whatever runs weights: text to vectors, and models that read two texts together."""
