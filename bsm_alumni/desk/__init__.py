"""The top room: pages and files that draw on several features at once."""
