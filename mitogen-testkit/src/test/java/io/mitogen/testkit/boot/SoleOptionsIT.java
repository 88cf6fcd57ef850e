// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.connect.Local;
import io.mitogen.core.call.Context;
import io.mitogen.master.Mitogen;
import io.mitogen.parent.ConnectException;
import io.mitogen.parent.ConnectException.Reason;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An environment that has every JVM listen at the same port. */
@Timeout(120)
final class SoleOptionsIT {
    private static final String DEBUGGER = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:";
    private static final String MANAGEMENT = "-Dcom.sun.management.jmxremote.authenticate=false"
            + " -Dcom.sun.management.jmxremote.ssl=false -Dcom.sun.management.jmxremote.port=";

    private static Through target(String variable, String options) {
        return Through.of(Through.Form.ARGV, "env", variable + "=" + options)
                .java(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    }

    private static ServerSocket anyPort() throws Exception {
        return new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"JAVA_TOOL_OPTIONS|" + DEBUGGER, "JDK_JAVA_OPTIONS|" + DEBUGGER, "JAVA_TOOL_OPTIONS|" + MANAGEMENT
            })
    void shouldStartContextsBelowOneThatListensForADebugger(String variable, String options) throws Exception {
        int port;
        try (ServerSocket free = anyPort()) {
            port = free.getLocalPort();
        }
        Mitogen.run(router -> {
            Context listening = router.connect(target(variable, "-Dmitogen.kept=yes " + options + port));
            Context below = router.connect(Local.create().via(listening));
            assertTrue(listening.call(Target::variable, variable).endsWith(options + port));
            assertTrue(below.call(Target::variable, variable).startsWith("-Dmitogen.kept=yes"));
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {DEBUGGER + "|-agentlib:jdwp", MANAGEMENT + "|jmxremote.port"})
    void shouldSayWhichOptionOfTheTargetIsForOneJvmOnly(String options, String named) throws Exception {
        try (ServerSocket taken = anyPort()) {
            String message = failure(Reason.EXITED, target("JAVA_TOOL_OPTIONS", options + taken.getLocalPort()))
                    .getMessage();

            assertTrue(message.contains(named), message);
            assertTrue(message.contains("comes from JAVA_TOOL_OPTIONS of the target's environment"), message);
        }
    }

    @Test
    void shouldSayThatTheJvmMayBeWaitingForADebugger() throws Exception {
        Through waiting = target("JAVA_TOOL_OPTIONS", DEBUGGER.replace("suspend=n", "suspend=y") + "0");
        String message = failure(
                        Reason.TIMEOUT,
                        new Through(
                                waiting.common().withConnectTimeout(Duration.ofSeconds(20)),
                                waiting.form(),
                                waiting.tool()))
                .getMessage();

        assertTrue(message.contains("waiting for a debugger"), message);
    }

    private static ConnectException failure(Reason reason, Through method) throws Exception {
        ConnectException[] failure = new ConnectException[1];
        Mitogen.run(router -> failure[0] = assertThrows(ConnectException.class, () -> router.connect(method)));
        assertEquals(reason, failure[0].reason(), failure[0].getMessage());
        return failure[0];
    }
}
