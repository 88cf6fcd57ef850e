// SPDX-License-Identifier: BSD-3-Clause

/**
 * Reads the JSON files of recorded vectors, for tests only. It uses {@code java.base}. Any thread.
 */
package io.mitogen.core.json;
