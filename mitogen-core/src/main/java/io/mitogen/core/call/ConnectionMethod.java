// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import io.mitogen.core.pickle.Kwargs;

/**
 * How a new context is reached: a value that can travel to the context that does the work. The methods themselves
 * ({@code Local}, {@code Sudo}, …) live in the modules above. Immutable, any thread.
 */
public interface ConnectionMethod {
    /** Returns everything that was chosen, in types that may travel; the class makes itself again from it. */
    Kwargs options();
}
