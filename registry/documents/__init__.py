"""What the registry prints."""
