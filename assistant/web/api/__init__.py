"""What programs ask over HTTP.

answers             asking, reading, who said what; streaming: the same as it comes
conversations       what was asked, and what people think of it
documents           adding, sharing, removing (uploads: on the disk); folders that are watched
embed               a portal's frame and its backend
chat_completions    the chat of OpenAI's API
mcp_server          tools for programs that speak MCP

parameters and shapes: what many routes take, and the one shape of errors;
downloading: files that are sent to be kept.
"""
