// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.Nullable;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * What a {@link LaunchMethod} may use to start its command, for one attempt: the command to run there, and ways to be asked
 * that need neither a terminal of the user nor a file. Used by one thread, while the method makes its {@link Launch}.
 */
public final class LaunchSite {
    /** The variable by which programs choose their language. */
    public static final String LANGUAGE = "LC_ALL";

    /**
     * What {@link #LANGUAGE} must be for a program to speak the language that its {@link Dialogue} knows.
     * {@link #untranslatedBoot} puts the context's own language back.
     */
    public static final String UNTRANSLATED = BootCommand.UNTRANSLATED;

    private static final int NONCE_BYTES = 16;

    /*
     * The link stays on pipes: they go past the terminal as 3 and 4. script(1) runs its command with $SHELL; what this process
     * has there is put back for the command.
     */
    private static final String TERMINAL_SCRIPT = String.join(
            "\n",
            "command -v script >/dev/null || {",
            "  echo 'MITOERR no-terminal there is no program script (util-linux) here, which makes the terminal that it needs'",
            "  exit 127; }",
            "[ -r \"${1%=*}\" ] || {",
            "  echo \"MITOERR no-terminal answers cannot reach it: ${1%=*} cannot be read by another process of this account\"",
            "  exit 126; }",
            "exec 3<&0 4>&1 <\"${1%=*}\" >&2",
            "[ \"$(readlink /proc/self/fd/0)\" = \"${1#*=}\" ] || exit 1",
            "export MITOGEN_SHELL=\"$SHELL\" SHELL=/bin/sh",
            "exec script -qefc \"export SHELL=\\\"\\$MITOGEN_SHELL\\\"; unset MITOGEN_SHELL; exec $2 <&3 >&4 3<&- 4>&-\" /dev/null");

    private final BootCommand boot;
    private final AskPass askPass;
    private final String nonce;
    private @Nullable AnswerPipe answers;

    LaunchSite(BootCommand boot, AskPass askPass) {
        this.boot = boot;
        this.askPass = askPass;
        this.nonce = "mitogen-" + HexFormat.of().formatHex(random());
    }

    /** Returns bytes that nobody can guess. The usual way to them has a context load all that knows of security first. */
    private static byte[] random() {
        byte[] random = new byte[NONCE_BYTES];
        try (InputStream in = new FileInputStream("/dev/urandom")) {
            if (in.readNBytes(random, 0, NONCE_BYTES) == NONCE_BYTES) {
                return random;
            }
        } catch (IOException expected) { // this system has none
        }
        new SecureRandom().nextBytes(random);
        return random;
    }

    /** Returns the command that makes the context, to be run where it shall live. */
    public BootCommand boot() {
        return boot;
    }

    /**
     * Returns the command for a program that was started with {@link #UNTRANSLATED}.
     *
     * @param hidden variables that were meant for that program alone
     */
    public BootCommand untranslatedBoot(String... hidden) {
        return boot.restoring(System.getenv(LANGUAGE), hidden);
    }

    /** Returns a word of letters, digits and hyphens that nobody can guess and nobody else uses. */
    public String nonce() {
        return nonce;
    }

    /**
     * Lets programs ask through a helper program: its questions come to {@link Dialogue#onQuestion}.
     *
     * @return the environment that the helper needs, and {@code variable}, which names it
     * @throws UncheckedIOException when it cannot be provided here
     */
    public Map<String, String> askPass(String variable) {
        try {
            String address = answersAddress();
            return Map.of(variable, askPass.path(), AskPass.MARK_VARIABLE, nonce, AskPass.ANSWERS_VARIABLE, address);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Gives a command a terminal of its own, for questions only: its standard input and output stay the link, and what it shows
     * on the terminal comes to {@link Dialogue#onText} and {@link Dialogue#onLine}, as its standard error does. Needs the program
     * {@code script} of util-linux.
     *
     * @throws UncheckedIOException when it cannot be provided here
     */
    public List<String> onTerminal(List<String> argv) {
        List<String> words = new ArrayList<>();
        for (String word : argv) {
            words.add("'" + word.replace("'", "'\\''") + "'");
        }
        try {
            return List.of("/bin/sh", "-c", TERMINAL_SCRIPT, "mitogen", answersAddress(), String.join(" ", words));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String answersAddress() throws IOException {
        if (!DescriptorFinder.isAvailable()) {
            throw new IOException("questions cannot be answered without /proc");
        }
        if (answers == null) {
            answers = new AnswerPipe();
        }
        return answers.address();
    }

    /** Returns the pipe that answers go through, null when nothing of this was used; the caller owns it. */
    @Nullable
    AnswerPipe takeAnswers() {
        AnswerPipe taken = answers;
        answers = null;
        return taken;
    }
}
