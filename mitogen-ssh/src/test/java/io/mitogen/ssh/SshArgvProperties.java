// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.pickle.Secret;
import io.mitogen.parent.MethodOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a user gives: it is taken for what it is, or refused; and no secret gets onto the command line. */
class SshArgvProperties {
    private static final SshVersion VERSION = new SshVersion(9, 2);

    private static List<String> argv(Ssh ssh) {
        return new SshArgv(MethodOptions.fromKwargs(ssh.options()), VERSION).words(true, "COMMAND");
    }

    /** Returns the words that ssh takes for something else than options and their values, as getopt(3) finds them. */
    private static List<String> operands(List<String> argv) {
        for (int i = 1; i < argv.size(); i++) {
            String word = argv.get(i);
            if (word.equals("--")) {
                return argv.subList(i + 1, argv.size());
            }
            if (!word.startsWith("-") || word.equals("-")) {
                return argv.subList(i, argv.size());
            }
            for (int at = 1; at < word.length(); at++) {
                if ("BbcDEeFIiJLlmOoPpQRSWw".indexOf(word.charAt(at)) >= 0) {
                    i += at + 1 == word.length() ? 1 : 0;
                    break;
                }
            }
        }
        return List.of();
    }

    @Provide
    Arbitrary<String> words() {
        return Arbitraries.strings()
                .withChars("-oiJlp4 =;$'\"\\`@/:%.ax\n\u00fc")
                .ofMinLength(0)
                .ofMaxLength(8);
    }

    @Property
    void shouldTakeTheHostForTheHostOrRefuseIt(
            @ForAll("words") String host,
            @ForAll("words") String user,
            @ForAll("words") String identity,
            @ForAll("words") String path) {
        Ssh ssh = orNull(() -> Ssh.to(host));
        if (ssh == null) {
            return;
        }
        ssh = changed(ssh, ssh, user, identity, path);
        assertEquals(List.of(host, "COMMAND"), operands(argv(ssh)));
        assertFalse(host.startsWith("-"), host);
    }

    private static Ssh changed(Ssh otherwise, Ssh ssh, String user, String identity, String path) {
        Ssh changed = orNull(() -> ssh.user(user).identity(identity).path(path));
        return changed == null ? otherwise : changed;
    }

    private static Ssh orNull(Supplier<Ssh> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException expected) {
            return null; // refused where it was given
        }
    }

    @Property
    void shouldNeverLetArgumentsBecomeTheHost(@ForAll("words") String one, @ForAll("words") String two) {
        Ssh ssh = orNull(() -> Ssh.to("web1").arguments(one, two));
        if (ssh != null) {
            assertEquals(List.of("web1", "COMMAND"), operands(argv(ssh)));
        }
    }

    @Property
    void shouldNotPrintSecrets(@ForAll("secrets") String password, @ForAll("secrets") String passphrase) {
        Ssh ssh = Ssh.to("web1").password(Secret.of(password)).identity("k", Secret.of(passphrase));
        List<String> printed = new ArrayList<>(argv(ssh));
        printed.add(ssh.toString());
        printed.add(ssh.defaultName(1));
        printed.add(ssh.options().toString());
        for (String text : printed) {
            assertTrue(!text.contains(password) && !text.contains(passphrase), text);
        }
    }

    @Provide
    Arbitrary<String> secrets() {
        return Arbitraries.strings().withChars("#!\u00a7*~").ofMinLength(3).ofMaxLength(12);
    }
}
