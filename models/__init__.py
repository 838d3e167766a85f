"""The municipality: who works where, who may what, the life of a question, when support is open.

Nothing here has heard of Slack, the environment or the wall clock. Importing the package imports no module of it: what
needs neither tables nor the gate does not wait for them.
"""
