"""What there is to find, without a question: who said what, and questions to begin with."""
