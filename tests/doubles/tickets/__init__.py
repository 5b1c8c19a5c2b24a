"""Ticket systems on a socket: each speaks its documented wire, and may fail where it is told to."""
