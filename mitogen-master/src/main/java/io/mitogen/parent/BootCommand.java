// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.Nullable;
import io.mitogen.core.boot.ChildMain;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The words that make a JVM with the first stage of a POSIX shell: {@code sh -c SCRIPT mitogen JAVA NAME JAR OPTIONS…}.
 *
 * <p>The script moves the link to descriptors 3 and 4, makes a private folder on a RAM disk with the first stage's jar, a
 * link to {@code java} under the name that the process list shall show, and two FIFOs, and becomes {@code java}. Any thread.
 */
public final class BootCommand {
    /** A name of the locale C that nobody else uses: what has it got it from {@link LaunchSite#UNTRANSLATED}. */
    static final String UNTRANSLATED = "POSIX";

    /*
     * Who deletes the folder: a background shell, as soon as the first stage writes to the FIFO `gone` or everybody who has
     * that open for writing has ended, whichever comes first. The FIFO is open before the background shell starts, so there
     * is no moment at which that could wait for a writer that never comes. It is started by a shell that ends at once: its
     * parent is then init and not the JVM, which would never take notice of its end and keep it as a zombie.
     *
     * Signals of terminals and impatient parents are ignored until all this is in place. A KILL before that leaves the folder;
     * parents only send it to what has not ended a second after its link did.
     */
    private static final String SCRIPT = String.join(
            "\n",
            "trap '' HUP INT QUIT TERM; u=$(umask); exec 3<&0 4>&1 </dev/null >&2",
            "fail() { echo \"MITOERR $*\" >&4; exit 1; }",
            "j=$1 n=$2 b=$3; shift 3",
            "t=",
            "for c in \"$j\" ${JAVA_HOME:+\"$JAVA_HOME/bin/java\"} java; do",
            "  [ -n \"$c\" ] || continue",
            "  t=\"$t $c\"",
            "  p=$(command -v \"$c\") && [ -x \"$p\" ] && break",
            "  p=; [ -z \"$j\" ] || break",
            "done",
            "[ -n \"$p\" ] || fail no-java looked for:$t with PATH=$PATH",
            "case $p in /*) ;; *) p=$PWD/$p;; esac",
            "d=",
            "umask 077",
            "for c in /dev/shm \"${TMPDIR:-/tmp}\" /tmp; do",
            "  [ -d \"$c\" ] && [ -w \"$c\" ] || continue",
            "  for i in 0 1 2 3; do mkdir \"$c/mitogen.$$.$i\" 2>/dev/null && d=$c/mitogen.$$.$i && break 2; done",
            "done",
            "[ -n \"$d\" ] || fail no-folder looked for a writable one: /dev/shm ${TMPDIR:-/tmp} /tmp",
            "mkfifo \"$d/gone\" \"$d/out\" && exec 5<>\"$d/gone\" 1<>\"$d/out\" || {",
            "  rm -rf \"$d\"; fail no-folder could not make a FIFO in $d; }",
            "( ( exec 6<\"$d/gone\" 5<&- 4>&- 3<&- >/dev/null 2>&1; read x <&6; exec rm -rf \"$d\" ) & )",
            "printf %s \"$b\" | base64 -d >\"$d/boot.jar\" && ln -s \"$p\" \"$d/$n\" || fail no-folder could not write to $d",
            "umask $u; trap - HUP INT QUIT TERM",
            "exec \"$d/$n\" \"$@\" -jar \"$d/boot.jar\" \"$d\"");

    private static final String JAR = Base64.getEncoder().encodeToString(jar());

    private final @Nullable String java;
    private final String processName;
    private final List<String> jvmOptions;
    private final String prelude;

    /**
     * @param java path or name of the program on the target; null to look for one
     * @param processName what the process list shows
     */
    BootCommand(@Nullable String java, String processName, List<String> jvmOptions) {
        this(java, processName, jvmOptions, "");
    }

    private BootCommand(@Nullable String java, String processName, List<String> jvmOptions, String prelude) {
        this.java = java;
        this.processName = processName;
        this.jvmOptions = jvmOptions;
        this.prelude = prelude;
    }

    /** Returns this command, which gives {@code LC_ALL} its value back where it is still {@link #UNTRANSLATED}. */
    BootCommand restoringLanguage(@Nullable String language) {
        String restore = language == null ? "unset LC_ALL" : "LC_ALL='" + language.replace("'", "'\\''") + "'";
        return new BootCommand(
                java, processName, jvmOptions, "[ \"$LC_ALL\" != " + UNTRANSLATED + " ] || " + restore + "\n");
    }

    /** Returns the words, for a target whose command line is taken as it is. */
    public List<String> argv() {
        List<String> argv = new ArrayList<>(List.of("/bin/sh", "-c", prelude + SCRIPT, "mitogen"));
        argv.add(java == null ? "" : java);
        argv.add(processName);
        argv.add(JAR);
        argv.add("-XX:-UsePerfData"); // it would write to the disk
        argv.add("-XX:+DisplayVMOutputToStderr"); // why a JVM cannot start belongs into the error message
        argv.add("-Xshare:auto");
        if (jvmOptions.stream().noneMatch(option -> option.matches("-XX:\\+Use\\w*GC"))) {
            argv.add("-XX:+UseSerialGC");
        }
        argv.addAll(jvmOptions);
        return argv;
    }

    /** Returns one line for a target whose command goes through somebody's login shell, whichever that is. */
    public String shellLine() {
        StringBuilder line = new StringBuilder("exec");
        for (String word : argv()) {
            line.append(" '").append(word.replace("'", "'\\''")).append('\'');
        }
        return line.toString();
    }

    /** Returns the first stage's jar: a manifest and one class, the same bytes every time. */
    private static byte[] jar() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.setLevel(9);
            add(
                    zip,
                    "META-INF/MANIFEST.MF",
                    "Main-Class: io.mitogen.core.boot.FirstStage\n\n".getBytes(StandardCharsets.US_ASCII));
            add(zip, "io/mitogen/core/boot/FirstStage.class", firstStage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Returns the first stage's class file, which a child finds in the core that it was sent. */
    private static byte[] firstStage() throws IOException {
        try (InputStream in = ChildMain.class.getResourceAsStream("FirstStage.class")) {
            return in.readAllBytes();
        }
    }

    private static void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTime(0);
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    /** Returns the bytes that the command itself takes on its way to the target. */
    public int length() {
        return String.join(" ", argv()).length();
    }
}
