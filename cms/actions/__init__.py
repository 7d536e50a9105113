"""What can happen: a course is reviewed, published, taken off."""
