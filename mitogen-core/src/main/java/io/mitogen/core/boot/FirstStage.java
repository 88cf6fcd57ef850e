// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.boot;

/** The main class of a child. Compiled for Java 8, so that it can tell an old JVM that it is too old. */
public final class FirstStage {
    private FirstStage() {}

    public static void main(String[] args) {}
}
