// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.call.Context;
import io.mitogen.master.Mitogen;
import io.mitogen.parent.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Machines with little room, few rights and odd mounts. */
@Timeout(60)
class TargetConditionsIT {
    private static final String EXEC = "; exec \"$@\"";

    /** Runs {@code script}, which ends with the boot command, in a mount namespace of its own. */
    private static Through mounted(String script) {
        Namespaces.assumeAvailable();
        return limited(script).behind(Namespaces.command("exec \"$@\""));
    }

    private static Through limited(String script) {
        return Through.of(Through.Form.ARGV, "sh", "-c", script + EXEC, "limited")
                .java(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    }

    private static String commandLine(Through method) throws Exception {
        String[] line = new String[1];
        Mitogen.run(router -> line[0] = router.connect(method).call(Target::commandLine));
        return line[0];
    }

    private static ConnectException failure(Through method) throws Exception {
        ConnectException[] failure = new ConnectException[1];
        Mitogen.run(router -> failure[0] = assertThrows(ConnectException.class, () -> router.connect(method)));
        return failure[0];
    }

    // == Shortages ==

    @ParameterizedTest
    @CsvSource({"500000, OUT_OF_MEMORY", "1500000, OUT_OF_MEMORY", "100000, EXITED"})
    void shouldNameTheLimitOfMemoryAndWhatHelps(int kilobytes, ConnectException.Reason reason) throws Exception {
        ConnectException failure = failure(limited("ulimit -v " + kilobytes));

        assertEquals(reason, failure.reason(), failure.getMessage());
        assertTrue(failure.getMessage().contains("ulimit -v"), failure.getMessage());
    }

    @Test
    void shouldSayWhoMayHaveKilledTheProcess(@TempDir Path folder) throws Exception {
        Path killed = Files.writeString(folder.resolve("java"), "#!/bin/sh\nkill -9 $$\n");
        Files.setPosixFilePermissions(killed, PosixFilePermissions.fromString("rwxr-xr-x"));
        ConnectException failure = failure(Through.of(Through.Form.ARGV, "env").java(killed.toString()));

        assertEquals(ConnectException.Reason.EXITED, failure.reason(), failure.getMessage());
        assertTrue(failure.getMessage().contains("killed by signal 9"), failure.getMessage());
        assertTrue(failure.getMessage().contains("journalctl -k"), failure.getMessage());
    }

    // == Folders ==

    @ParameterizedTest
    @CsvSource({
        "noexec, /dev/shm/",
        "ro, /tmp/",
        "'size=4k,nr_inodes=8', /tmp/",
        "nr_inodes=4, /tmp/",
    })
    void shouldUseTheFirstFolderThatWillDo(String options, String prefix) throws Exception {
        String line = commandLine(mounted("unset XDG_RUNTIME_DIR TMPDIR; mount -t tmpfs none /run;"
                + " mount -t tmpfs -o mode=1777," + options + " none /dev/shm; (echo >/dev/shm/page) 2>/dev/null"));

        assertTrue(line.startsWith(prefix + "mitogen."), line);
    }

    @ParameterizedTest
    @CsvSource({"XDG_RUNTIME_DIR", "TMPDIR", "HOME"})
    void shouldUseAnyFolderThatTheEnvironmentNames(String variable) throws Exception {
        String line = commandLine(mounted("d=/run; mount -t tmpfs none $d; mkdir $d/only;"
                + " for f in /dev/shm /tmp /var/tmp; do mount -t tmpfs -o ro none $f; done;"
                + " unset XDG_RUNTIME_DIR TMPDIR HOME; cd /proc; export " + variable + "=$d/only"));

        assertTrue(line.startsWith("/run/only/mitogen."), line);
    }

    @Test
    void shouldUseTheWorkingFolderWhenThereIsNoOther() throws Exception {
        String line = commandLine(mounted("d=/run; mount -t tmpfs none $d; mkdir $d/only;"
                + " for f in /dev/shm /tmp /var/tmp; do mount -t tmpfs -o ro none $f; done;"
                + " unset XDG_RUNTIME_DIR TMPDIR HOME; cd $d/only"));

        assertTrue(line.startsWith("/run/only/mitogen."), line);
    }

    @Test
    void shouldNameEachFolderAndWhyItDidNotDo() throws Exception {
        ConnectException e = failure(mounted("export LC_ALL=C; mount -t tmpfs none /run; mkdir /run/full;"
                + " for f in /dev/shm /tmp /var/tmp; do mount -t tmpfs -o ro none $f; done;"
                + " mount -t tmpfs -o nr_inodes=3 none /run/full;"
                + " unset XDG_RUNTIME_DIR; export TMPDIR=/run/full HOME=/nowhere; cd /proc"));

        assertEquals(ConnectException.Reason.NO_WRITABLE_FOLDER, e.reason(), e::getMessage);
        for (String part : new String[] {
            "/dev/shm: mkdir: ",
            "Read-only file system; ",
            "/run/user/",
            "/run/full: mkfifo: ",
            "No space left on device",
            "/tmp: ",
            "/var/tmp: ",
            "/nowhere: ",
            "No such file or directory",
            "/proc: "
        }) {
            assertTrue(e.getMessage().contains(part), () -> e.getMessage() + "\nlacks " + part);
        }
    }

    @Test
    void shouldStartInTheRootWhenItsWorkingFolderIsDeleted() throws Exception {
        Mitogen.run(router -> {
            Context context = router.connect(limited("d=/tmp/deleted.$$; mkdir $d; cd $d; rmdir $d"));

            assertEquals("/", context.call(Target::folder));
        });
    }

    // == Environment ==

    @Test
    void shouldKeepTheUmaskAndThePathOfItsUser() throws Exception {
        Mitogen.run(router -> {
            Context context = router.connect(limited("umask 027; PATH=/nowhere"));

            assertEquals("/nowhere", context.call(Target::variable, "PATH"));
        });
        Mitogen.run(router -> {
            Context context = router.connect(limited("umask 027"));

            assertEquals("0027", context.call(Target::umask));
        });
    }

    /** A JVM that is told to use two collectors does not start. */
    @ParameterizedTest
    @ValueSource(strings = {"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"})
    void shouldLeaveTheChoiceOfACollectorToTheEnvironment(String variable) throws Exception {
        Mitogen.run(router -> {
            Context context = router.connect(limited("export " + variable + "='-Da=b -XX:+UseParallelGC -Dc=d'"));

            assertTrue(context.call(Target::collector).startsWith("PS "), variable);
        });
    }

    /** More than the FIFO takes that it reads itself, and before it reads. */
    @ParameterizedTest
    @ValueSource(strings = {"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"})
    void shouldNotWaitForItselfWhenTheEnvironmentHasItsJvmLog(String variable) throws Exception {
        Mitogen.run(router -> {
            Context context = router.connect(limited("export " + variable + "=-Xlog:class*=debug"));

            assertEquals("-Xlog:class*=debug", context.call(Target::variable, variable));
        });
    }

    // == Limits ==

    @Test
    void shouldStartWithFewDescriptors() throws Exception {
        assertTrue(commandLine(limited("ulimit -n 32")).contains("mitogen."));
    }

    @Test
    void shouldSayWhatTheShellSaysWhenThereAreTooFewDescriptors() throws Exception {
        ConnectException e = failure(limited("ulimit -n 8"));

        assertEquals(ConnectException.Reason.EXITED, e.reason(), e::getMessage);
        assertTrue(!e.lastLines().isEmpty(), e::getMessage);
    }
}
