// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.hostile;

/** A child that begins as a Python interpreter does, and then says what it likes. */
final class HostilePythonIT extends HostileContract {
    @Override
    HostileChild.Dialect dialect() {
        return HostileChild.Dialect.PYTHON;
    }
}
