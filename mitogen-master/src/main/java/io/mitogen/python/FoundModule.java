// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

import java.util.List;

/**
 * A Python module with its source.
 *
 * @param name its full name, with dots
 * @param isPackage whether it can have modules below it
 * @param children the names, without prefix, of the modules directly below it, sorted; empty when it is no package
 * @param path where it was found
 * @param source its text as it lies there; empty for a namespace package; whoever gets it must not change it
 */
record FoundModule(String name, boolean isPackage, List<String> children, String path, byte[] source) {}
