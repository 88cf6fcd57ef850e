# SPDX-License-Identifier: BSD-3-Clause
"""A module that could be taken for a file."""


def answer():
    return 42
