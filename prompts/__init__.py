"""The texts that are put together for people and models: one file a message."""
