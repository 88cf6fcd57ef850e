// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.docker;

/** Runs the real first stage in a JVM that says it is an old one; {@link Account#OLD_JAVA} has it. */
public final class OldJava {
    private OldJava() {}

    public static void main(String[] args) throws Exception {
        System.setProperty("java.specification.version", "1.8");
        System.setProperty("java.version", "1.8.0_202");
        Class.forName("io.mitogen.core.boot.FirstStage")
                .getMethod("main", String[].class)
                .invoke(null, (Object) args);
    }
}
