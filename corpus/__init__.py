"""What the bot knows: documents, settings, their readers and checks."""
