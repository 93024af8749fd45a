"""Connections from the network: which are taken, for how long one waits for them, and how many there may be at once.

Below HTTP's meaning: connections, bytes and seconds. What a request says is looked at in `app.routers`.
"""
