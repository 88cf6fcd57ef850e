// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mitogen.connect.Local;
import io.mitogen.core.call.Context;
import io.mitogen.master.Mitogen;
import io.mitogen.parent.ConnectException;
import io.mitogen.testkit.LeakCheck;
import io.mitogen.testkit.ProcessLeakCheck;
import io.mitogen.testkit.TempFileLeakCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Links that a JVM cannot open by a path: sockets, as some sshd make them, and pipes of another user. */
@Timeout(60)
class SocketLinkIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Path SSHD = Path.of("/usr/sbin/sshd");
    private static final String OPENS = "--add-opens=java.base/java.io=ALL-UNNAMED";

    /** Runs a command on one end of a pair of sockets, and copies between the other and its own streams. */
    private static final String SOCKETS = String.join(
            "\n",
            "use Socket;",
            "socketpair(my $near, my $far, AF_UNIX, SOCK_STREAM, PF_UNSPEC) or die;",
            "if (!fork) { close $near; open STDIN, '<&', $far; open STDOUT, '>&', $far; exec @ARGV; }",
            "close $far;",
            "if (!fork) { close STDOUT; close STDERR;",
            "  while (sysread STDIN, $_, 65536) { syswrite $near, $_; } shutdown $near, 1; exit; }",
            "while (sysread $near, $_, 65536) { syswrite STDOUT, $_; }");

    @TempDir
    Path folder;

    private static Through overSockets() {
        assumeTrue(Files.exists(Path.of("/usr/bin/perl")), "there is no perl here, which makes the sockets");
        return Through.of(Through.Form.ARGV, "perl", "-e", SOCKETS);
    }

    private void makeKeys() throws Exception {
        assumeTrue(Files.exists(SSHD), "there is no sshd here");
        assumeTrue(Files.isDirectory(Path.of("/run/sshd")), "sshd has no folder to run in");
        keygen("host");
        keygen("user");
        Files.writeString(
                folder.resolve("config"),
                String.join(
                        "\n",
                        "HostKey " + folder.resolve("host"),
                        "AuthorizedKeysFile " + folder.resolve("user.pub"),
                        "StrictModes no",
                        "PermitRootLogin yes",
                        "PidFile none",
                        ""));
    }

    private void keygen(String name) throws IOException, InterruptedException {
        run(
                "ssh-keygen",
                "-q",
                "-t",
                "ed25519",
                "-N",
                "",
                "-f",
                folder.resolve(name).toString());
    }

    private static void run(String... command) throws IOException, InterruptedException {
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor(), () -> String.join(" ", command));
    }

    /** Through ssh to an sshd that ssh starts itself, so that there is no port and nothing to end. */
    private Through overSsh() throws Exception {
        makeKeys();
        return Through.of(
                Through.Form.SHELL_LINE,
                "ssh",
                "-F",
                "none",
                "-o",
                "ProxyCommand=" + SSHD + " -i -e -f " + folder.resolve("config"),
                "-o",
                "StrictHostKeyChecking=no",
                "-o",
                "UserKnownHostsFile=" + folder.resolve("known"),
                "-o",
                "BatchMode=yes",
                "-i",
                folder.resolve("user").toString(),
                "localhost");
    }

    @Test
    void shouldServeCallsOverSockets() throws Exception {
        LeakCheck processes = ProcessLeakCheck.start();
        LeakCheck files = TempFileLeakCheck.start();

        Mitogen.run(router -> {
            Context context = router.connect(overSockets().java(runningJava()));

            assertTrue(context.call(Target::commandLine).contains(OPENS));
            assertServes(context);
            Context below = router.connect(Local.create().via(context));
            assertFalse(below.call(Target::commandLine).contains(OPENS), "a local context has pipes");
            context.shutdown();
            context.gone().get(20, TimeUnit.SECONDS);
        });

        processes.check(SOON);
        files.check(SOON);
    }

    private static void assertServes(Context context) {
        assertEquals(0, context.call(Target::print, "not for the link"));
        assertEquals(1 << 20, context.call(Target::length, new byte[1 << 20]));
    }

    @Test
    void shouldEndWhenTheOtherEndOfItsSocketIsClosed() throws Exception {
        LeakCheck processes = ProcessLeakCheck.start();

        Mitogen.run(router -> assertServes(router.connect(overSockets().java(runningJava()))));

        processes.check(SOON);
    }

    @Test
    void shouldServeCallsThroughSshd() throws Exception {
        LeakCheck processes = ProcessLeakCheck.start();
        LeakCheck files = TempFileLeakCheck.start();

        Mitogen.run(router -> assertServes(router.connect(overSsh().java(runningJava()))));

        processes.check(SOON);
        files.check(SOON);
    }

    @Test
    void shouldServeCallsOverThePipesOfAnotherUser() throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can become somebody else");

        Mitogen.run(router -> {
            Context context = router.connect(
                    Through.of(Through.Form.ARGV, "setpriv", "--reuid=4711", "--regid=4711", "--clear-groups")
                            .java(runningJava()));

            assertTrue(context.call(Target::commandLine).contains(OPENS));
            assertServes(context);
        });
    }

    /** A Java 8 in disguise does not know the option that a socket needs. */
    @Test
    void shouldSayThatTheJavaIsTooOldWhenItDoesNotKnowTheOption() throws Exception {
        Path java = folder.resolve("java");
        Files.writeString(
                java,
                "#!/bin/sh\ncase $1 in " + OPENS
                        + ") echo \"Unrecognized option: $1\" >&2; exit 1;; esac\nexec sleep 1000\n");
        assertTrue(java.toFile().setExecutable(true));

        Mitogen.run(router -> {
            ConnectException e = assertThrows(
                    ConnectException.class, () -> router.connect(overSockets().java(java.toString())));

            assertEquals(ConnectException.Reason.JAVA_TOO_OLD, e.reason(), e::getMessage);
        });
    }

    private static String runningJava() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
