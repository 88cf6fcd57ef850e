// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import java.util.Map;

/**
 * A connection method as Python Mitogen has it, for a context that is a Python interpreter to start another. Immutable.
 *
 * @param name the method of Python's router: {@code local}, {@code ssh}, {@code sudo}
 * @param options its keyword arguments, after the class {@code Options} of the module of that name
 */
public record PythonMethod(String name, Map<String, Object> options) {
    public PythonMethod {
        options = Map.copyOf(options);
    }
}
