"""For programs: a client, a retriever for LangChain, fixtures of pytest (pytest_plugin)."""
