// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.Nullable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The command that makes a process on the target the first stage of a context, in the forms that the tools on the way need. Any
 * thread.
 *
 * <p>Of a JVM, its script ({@link BootScript}) moves the link to descriptors 3 and 4, makes a private folder on a RAM disk with the
 * first stage's jar, a link to {@code java} under the name that the process list shall show, and two FIFOs, and becomes {@code java}.
 */
public final class BootCommand {
    /** A name of the locale C that nobody else uses: what has it got it from {@link LaunchSite#UNTRANSLATED}. */
    static final String UNTRANSLATED = "POSIX";

    private static final int MAX_FILE_NAME_BYTES = 255;

    /** Any that a zip file can tell: with an earlier one, the JDK would load all its time zones. */
    private static final LocalDateTime TIME = LocalDateTime.of(1981, 1, 1, 0, 0);

    private static @Nullable String encodedJar; // guarded by the class

    private final String script;
    private final List<String> arguments;

    private BootCommand(String script, List<String> arguments) {
        this.script = script;
        this.arguments = List.copyOf(arguments);
    }

    /**
     * Returns the command that becomes a JVM with the first stage.
     *
     * @param java path or name of the program on the target; null to look for one
     * @param processName what the process list shows, as far as it fits into the name of a file
     */
    public static BootCommand ofJvm(@Nullable String java, String processName, List<String> jvmOptions) {
        List<String> arguments = new ArrayList<>(List.of(java == null ? "" : java, fitting(processName), encodedJar()));
        arguments.add("-XX:-UsePerfData"); // it would write to the disk
        arguments.add("-XX:+DisplayVMOutputToStderr"); // why a JVM cannot start belongs into the error message
        arguments.add("-Xshare:auto");
        jvmOptions.forEach(option -> arguments.add(JvmLogOption.toStandardError(option)));
        return new BootCommand(BootScript.TEXT, arguments);
    }

    private static String fitting(String name) {
        int end = Math.min(name.length(), MAX_FILE_NAME_BYTES);
        while (name.substring(0, end).getBytes(StandardCharsets.UTF_8).length > MAX_FILE_NAME_BYTES) {
            end = name.offsetByCodePoints(end, -1);
        }
        return name.substring(0, end);
    }

    /** Where it fails, as when descriptors run out, the next attempt tries again. */
    private static synchronized String encodedJar() {
        if (encodedJar == null) {
            encodedJar = Base64.getEncoder().encodeToString(jarOfThrees());
        }
        return encodedJar;
    }

    /** Returns the command that runs {@code script}, a program for any POSIX shell, with these arguments. */
    public static BootCommand of(String script, List<String> arguments) {
        return new BootCommand(script, arguments);
    }

    /** Returns this command, which gives {@code LC_ALL} its value back where it is still {@link #UNTRANSLATED}. */
    BootCommand restoring(@Nullable String language, String... hidden) {
        String restore = language == null ? "unset LC_ALL" : "LC_ALL='" + language.replace("'", "'\\''") + "'";
        String hide = hidden.length == 0 ? "" : "unset " + String.join(" ", hidden) + "\n";
        return new BootCommand(
                "[ \"$LC_ALL\" != " + UNTRANSLATED + " ] || " + restore + "\n" + hide + script, arguments);
    }

    /** Returns the words for a tool that takes a command's words as they are: {@code sh -c SCRIPT mitogen …}. */
    public List<String> argv() {
        List<String> argv = new ArrayList<>(List.of("/bin/sh", "-c", script, "mitogen"));
        argv.addAll(arguments);
        return argv;
    }

    /** Returns the line for a tool that gives a line to somebody's login shell, whichever that is: ssh, {@code su -c}. */
    public String shellLine() {
        return ShellWords.line(script, arguments);
    }

    /** Returns the words for a tool that escapes words and gives them to somebody's login shell: {@code sudo -i}. */
    public List<String> shellWords() {
        return ShellWords.words(script, arguments);
    }

    /** Returns a jar whose base64 needs no padding, which the script's own decoder does not know. */
    private static byte[] jarOfThrees() {
        byte[] jar = jar("");
        return jar("  ".substring(2 - (3 - jar.length % 3) % 3));
    }

    /** Returns the first stage's jar: one class, the same bytes every time. */
    private static byte[] jar(String comment) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.setLevel(9);
            zip.setComment(comment);
            add(zip, FirstStageFile.NAME + ".class", FirstStageFile.read());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(TIME);
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    /** Returns the bytes that the command itself takes on its way to the target, in the longer of its forms. */
    public int length() {
        return Math.max(String.join(" ", argv()).length(), shellLine().length());
    }
}
