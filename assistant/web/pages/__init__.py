"""What people see: the chat, who said what, a document, the API's description."""
