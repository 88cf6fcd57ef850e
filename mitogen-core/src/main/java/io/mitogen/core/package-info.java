// SPDX-License-Identifier: BSD-3-Clause

/**
 * The words every room of the core shares: the base of all errors and the annotations that state what javac cannot.
 * It uses nothing but the JDK. Its types are values, so any thread may use them.
 */
package io.mitogen.core;
