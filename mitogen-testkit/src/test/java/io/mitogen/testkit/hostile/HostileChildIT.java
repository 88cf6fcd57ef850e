// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.hostile;

/** A child that begins as a JVM does, and then says what it likes. */
final class HostileChildIT extends HostileContract {
    @Override
    HostileChild.Dialect dialect() {
        return HostileChild.Dialect.JVM;
    }
}
