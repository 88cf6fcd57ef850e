// SPDX-License-Identifier: BSD-3-Clause
/** Programs written in Python, with Python Mitogen, that have JVM contexts. Test code only. */
package io.mitogen.testkit.pythonmaster;
