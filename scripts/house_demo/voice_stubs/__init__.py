"""Stand-ins for two compiled voice libraries.

Home Assistant imports them as soon as somebody opens its frontend. They have no
wheels for Python 3.14, and the demonstration neither listens nor speaks.
"""
