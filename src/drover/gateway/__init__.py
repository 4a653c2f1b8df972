"""The only road to routers: where they may be reached, who they must prove to be, and what their answers mean.

It never stores anything and never decides what to do about an answer: callers give it a target and get facts or an error
with a stable code. Credentials are sent only to a router whose pinned key was proven.
"""
