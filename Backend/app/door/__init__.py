"""The door to the network: who may come in, for how long one waits for them, and how many there may be at once.

Below HTTP's meaning: connections, bytes and seconds. What a request says is looked at in `app.routers`.
"""
