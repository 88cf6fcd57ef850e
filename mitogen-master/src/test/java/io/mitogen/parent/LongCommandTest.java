// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.parent.ConnectException.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LongCommandTest {
    private static final int BUDGET = 8_000;

    /** As a tool with a login shell behind it gets it, with options as people have them. */
    @Test
    void shouldLeaveRoomBelowTheShortestLimitWithUsualOptions() {
        List<String> options = List.of(
                "-Xms256m",
                "-Xmx4g",
                "-XX:+UseG1GC",
                "-XX:+HeapDumpOnOutOfMemoryError",
                "-XX:HeapDumpPath=/var/log/application/heap-dumps",
                "-Dfile.encoding=UTF-8",
                "-Duser.timezone=Europe/Berlin",
                "-Dhttps.proxyHost=proxy.internal.example.com",
                "-Dhttps.proxyPort=3128",
                "--add-opens=java.base/java.lang=ALL-UNNAMED");
        BootCommand command = BootCommand.ofJvm(
                        "/usr/lib/jvm/java-21-openjdk-amd64/bin/java",
                        "mitogen:administrator@build-server-17.internal.example.com:1234567",
                        options)
                .restoring("de_DE.UTF-8", "SSH_ASKPASS", "SSH_ASKPASS_REQUIRE");

        int length = command.length();

        System.out.println("the command of a JVM context has " + length + " characters");
        assertTrue(length < BUDGET, length + " characters, limit " + BUDGET);
    }

    @Test
    void shouldSayThatTheCommandIsTooLongWhereThatMayBeTheReason() {
        Launch tooLong = new Launch(List.of("ssh", "web1", "x".repeat(LongCommand.MAX_CHARS + 1)));
        Launch fits = new Launch(List.of("ssh", "web1", "x".repeat(LongCommand.MAX_CHARS)));

        String remark = LongCommand.remark(tooLong, Reason.DISCONNECTED, false);

        assertTrue(remark.contains("8192 characters") && remark.contains("jvmOptions"), remark);
        assertEquals(remark, LongCommand.remark(tooLong, Reason.EXITED, false));
        assertEquals(remark, LongCommand.remark(tooLong, Reason.SHELL_REFUSED, false));
        assertEquals("", LongCommand.remark(tooLong, Reason.EXITED, true));
        assertEquals("", LongCommand.remark(tooLong, Reason.PASSWORD_WRONG, false));
        assertEquals("", LongCommand.remark(fits, Reason.DISCONNECTED, false));
    }
}
