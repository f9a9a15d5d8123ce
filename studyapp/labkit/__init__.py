"""The lab kit: the protocol that labs implement, and everything that is written once for all of them.

Nothing is imported here: listing labs must cost no pydantic, and running them no torch in this process.
"""
