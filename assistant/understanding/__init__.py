"""A question and what was said before it, to a query that stands alone.

querying: clearing what is said around it -> shaping: how much an answer has to hold
    (other_languages: whose words are asked for in another language than English)
restating: where no rule helps, and a language model may
"""
