"""A slow, independent reckoner: the same feed packages, worked out again with plain loops.

It reads package folders alone, shares no code with the applications and knows no database. What it
takes where the rules leave a doubt is written down in READINGS.md.
"""
