"""The demonstration province: synthetic people, facilities and courses, the same for the same seed."""
