"""How each channel speaks: what an event of it looks like, how it is proved, and how something is sent."""
