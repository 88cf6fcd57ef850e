// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.docker;

/**
 * Runs the real first stage in a JVM that says it is an old one. Nothing for tests to use: it is a part of the image, where
 * {@link Account#OLD_JAVA} has it as its {@code java}.
 */
public final class OldJava {
    private OldJava() {}

    public static void main(String[] args) throws Exception {
        System.setProperty("java.specification.version", "1.8");
        System.setProperty("java.version", "1.8.0_202");
        Class.forName("FirstStage").getMethod("main", String[].class).invoke(null, (Object) args);
    }
}
