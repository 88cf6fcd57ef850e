# SPDX-License-Identifier: BSD-3-Clause
"""Modules whose names look like those of files."""
