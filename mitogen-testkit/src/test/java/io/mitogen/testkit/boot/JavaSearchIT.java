// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.call.Context;
import io.mitogen.master.Mitogen;
import io.mitogen.parent.ConnectException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which java a target uses when none was chosen. What the script finds are stand-ins; they say which one they are. */
@Timeout(60)
class JavaSearchIT {
    @TempDir
    Path folder;

    /** Hides this machine's own from the search, in a mount namespace of its own. */
    private static final String HIDE =
            "for f in /usr/lib/jvm /usr/lib64/jvm /usr/java /usr/local /opt /home /snap /nix /run/current-system; do if [ -d $f ]; then mount -t tmpfs none $f || exit; fi; done;"
                    + " export JAVA_HOME= HOME=/ ; PATH=/usr/bin:/bin; exec env \"$@\"";

    private static Through hidden(String... variables) {
        Namespaces.assumeAvailable();
        return Through.of(Through.Form.ARGV, variables).behind(Namespaces.command(HIDE));
    }

    /** The same, with a java that is seen only there. */
    private static Through hiddenWith(Path jdk, String place) {
        Namespaces.assumeAvailable();
        String copy = "; mkdir -p " + place + " && cp -r " + jdk + "/. " + place + "; PATH=";
        return Through.of(Through.Form.ARGV).behind(Namespaces.command(HIDE.replace("; PATH=", copy)));
    }

    /** Makes {@code folder/name/bin/java} of this version, if it has one; it says its name as if it were the first stage. */
    private Path jdk(String name, String version) throws IOException {
        Path home = folder.resolve(name);
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("bin/java"), "#!/bin/sh\necho MITOERR ran " + name + " >&4\n");
        assertTrue(home.resolve("bin/java").toFile().setExecutable(true));
        if (version != null) {
            Files.writeString(
                    home.resolve("release"),
                    "IMPLEMENTOR=\"N/A\"\nJAVA_VERSION=\"" + version + "\"\nJAVA_VERSION_DATE=\"2024-01-01\"\n");
        }
        return home;
    }

    private static void assertRuns(String name, Through method) throws Exception {
        String message = failure(method).getMessage();
        assertTrue(message.contains("ran " + name), message);
    }

    private static ConnectException failure(Through method) throws Exception {
        ConnectException[] failure = new ConnectException[1];
        Mitogen.run(router -> failure[0] = assertThrows(ConnectException.class, () -> router.connect(method)));
        return failure[0];
    }

    @Test
    void shouldPreferJavaHomeWhenItIsNewEnough() throws Exception {
        jdk("home", "21.0.2");
        jdk("path", "17");

        assertRuns("home", hidden("JAVA_HOME=" + folder.resolve("home"), "PATH=" + path("path")));
    }

    @Test
    void shouldPassOverOldOnesAndTakeOneOfUnknownVersionLast() throws Exception {
        jdk("home", "1.8.0_202");
        jdk("path", "11.0.22");
        jdk("user/.sdkman/candidates/java/25", "25-ea");
        jdk("unknown", null);

        assertRuns(
                "user/.sdkman/candidates/java/25",
                hidden(
                        "JAVA_HOME=" + folder.resolve("home"),
                        "PATH=" + path("path"),
                        "HOME=" + folder.resolve("user")));
        assertRuns(
                "user/.sdkman/candidates/java/25",
                hidden("JAVA_HOME=" + folder.resolve("unknown"), "HOME=" + folder.resolve("user")));
        assertRuns("unknown", hidden("JAVA_HOME=" + folder.resolve("unknown"), "PATH=" + path("path")));
    }

    /** Of asdf, mise, jenv, jabba, IntelliJ IDEA, Gradle, Nix. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                ".asdf/installs/java/temurin-21.0.2+13",
                ".local/share/mise/installs/java/21.0.2",
                ".jenv/versions/21",
                ".jabba/jdk/openjdk@1.21.0",
                ".jdks/corretto-21.0.2",
                ".gradle/jdks/eclipse_adoptium-21-amd64-linux.2",
                ".gradle/jdks/eclipse_adoptium-21-amd64-linux/jdk-21.0.2+13",
                ".nix-profile"
            })
    void shouldFindWhatToolsInstallInTheHomeOfAUser(String place) throws Exception {
        jdk("a user/" + place, "21.0.2");

        assertRuns("a user/" + place, hidden("HOME=" + folder.resolve("a user")));
    }

    /** Of hand-made installations, development containers, and Homebrew. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/usr/local/java/jdk-21",
                "/usr/local/sdkman/candidates/java/21.0.2-tem",
                "/home/linuxbrew/.linuxbrew/opt/openjdk@21"
            })
    void shouldFindWhatToolsInstallForAllUsers(String place) throws Exception {
        assertRuns("jdk", hiddenWith(jdk("jdk", "21.0.2"), place));
    }

    @Test
    void shouldFollowTheLinkOnThePathToTheVersion() throws Exception {
        Path old = jdk("jdk8", "1.8.0_202");
        Files.createDirectories(old.resolve("jre/bin"));
        Files.copy(old.resolve("bin/java"), old.resolve("jre/bin/java"));
        Files.createDirectories(folder.resolve("links"));
        Files.createSymbolicLink(folder.resolve("links/java"), old.resolve("jre/bin/java"));

        ConnectException e = failure(hidden("PATH=" + folder.resolve("links") + ":/usr/bin:/bin"));

        assertEquals(ConnectException.Reason.JAVA_TOO_OLD, e.reason(), e::getMessage);
    }

    @Test
    void shouldListTheVersionsThatWereFoundAndWhereItLooked() throws Exception {
        jdk("home", "1.8.0_202");
        jdk("path", "11.0.22");

        ConnectException e = failure(hidden("JAVA_HOME=" + folder.resolve("home"), "PATH=" + path("path")));

        assertEquals(ConnectException.Reason.JAVA_TOO_OLD, e.reason(), e::getMessage);
        assertNames(
                e.getMessage(),
                "Java 17 or later is needed, found 1.8.0_202 in " + folder.resolve("home/bin/java"),
                "11.0.22 in " + folder.resolve("path/bin/java"),
                "/usr/lib*/jvm/*");
    }

    @Test
    void shouldSayWhereItLookedWhenThereIsNone() throws Exception {
        ConnectException e = failure(hidden("JAVA_HOME=/nowhere"));

        assertEquals(ConnectException.Reason.NO_JAVA, e.reason(), e::getMessage);
        assertNames(
                e.getMessage(),
                "JAVA_HOME=/nowhere",
                "PATH=/usr/bin:/bin",
                "~/.sdkman",
                "~/.jdks/*",
                "bin/java in /usr/lib*/jvm/*");
    }

    /** As those of jenv and Gentoo do. */
    @Test
    void shouldRunAScriptThatLooksForTheRealOneByItsOwnName() throws Exception {
        Path shim = jdk("shims", null).resolve("bin/java");
        Files.writeString(shim, "#!/bin/sh\nexec \"" + System.getProperty("java.home") + "/bin/${0##*/}\" \"$@\"\n");

        Mitogen.run(router -> {
            Context context = router.connect(Through.of(Through.Form.ARGV).java(shim.toString()));

            assertTrue(context.call(Target::commandLine).startsWith(System.getProperty("java.home")));
        });
    }

    @Test
    void shouldFindTheMachinesOwnWithoutAnyVariable() throws Exception {
        Mitogen.run(router -> {
            Context context = router.connect(Through.of(Through.Form.ARGV, "env", "-i"));

            assertTrue(context.call(Target::commandLine).contains("/mitogen:"));
        });
    }

    private String path(String name) {
        return folder.resolve(name).resolve("bin") + ":/usr/bin:/bin";
    }

    private static void assertNames(String message, String... parts) {
        Arrays.stream(parts).forEach(part -> assertTrue(message.contains(part), () -> message + "\nlacks " + part));
    }
}
