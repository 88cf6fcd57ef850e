# SPDX-License-Identifier: BSD-3-Clause
"""A module of a user, which Python Mitogen ships to its contexts."""


def nothing():
    pass


def length(data):
    return len(data)


def data(length):
    return bytes(length)
