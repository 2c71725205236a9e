"""What programs ask over HTTP: the REST API, OpenAI's chat, MCP, event streams."""
