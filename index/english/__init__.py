"""All that is English: how words are spelled, what they count, what a question asks for."""
