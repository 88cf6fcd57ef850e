// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.connect;

import io.mitogen.core.Nullable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * The process of su during its dialogue: tells whether a text can come from su itself, or from a program of the account. One
 * thread at a time; reads a few small files of {@code /proc}.
 */
final class SuProcess {
    /*
     * su asks while it has no child, and its real user is still that of its caller. Then it runs the account's shell: most
     * versions as their only child, some in their own place. So a text is su's own only if su is alive, has kept its user and
     * has no child. /proc may hide the children themselves, so this reads the kernel's list of them, a file of su's that names
     * hidden ones as well. An account that may not see su may not read that list. A file that cannot be read proves nothing.
     */
    private static final String MOUNT_POINT = " /proc ";
    private static final String HIDEPID = "hidepid=";
    private static final String TO_MEND = "; mount /proc without hidepid=, or with gid= for a group of this account";

    private final ProcessHandle process;
    private final Path folder;
    private boolean hasShell; // for good
    private String obstacle = "";

    /** The possible author of a text. */
    enum Speaker {
        SU,
        /** A program of the account; su runs it now, or has ended. */
        SHELL,
        /** Either: {@link #obstacle} says why. */
        UNKNOWN
    }

    SuProcess(ProcessHandle process) {
        this.process = process;
        this.folder = Path.of("/proc", Long.toString(process.pid()));
    }

    /** Returns the possible author of the last text. */
    Speaker speaker() {
        if (hasShell) {
            return Speaker.SHELL;
        }
        Speaker speaker = System.getProperty("os.name").equals("Linux") ? speakerInProc() : speakerElsewhere();
        hasShell = speaker == Speaker.SHELL;
        return speaker;
    }

    /** Tells whether root calls su, best effort. Then su asks nothing. */
    boolean isCalledByRoot() {
        try {
            return realUser(Files.readAllLines(Path.of("/proc/self/status"))).equals("0");
        } catch (IOException | RuntimeException expected) { // no /proc: go by the name
            return System.getProperty("user.name").equals("root");
        }
    }

    /** Tells whether su runs without the rights of root, best effort; then it cannot check a password. */
    boolean isPowerless() {
        try {
            String[] users =
                    field(Files.readAllLines(folder.resolve("status")), "Uid:").split("\\s+");
            return !users[1].equals("0");
        } catch (IOException | RuntimeException expected) { // hidden, or no Linux
            return false;
        }
    }

    /** Returns why the speaker is unknown, and the remedy. */
    String obstacle() {
        return obstacle;
    }

    private Speaker speakerInProc() {
        try {
            String own = Long.toString(ProcessHandle.current().pid());
            if (!Files.readSymbolicLink(Path.of("/proc/self")).toString().equals(own)) {
                return unknown("the processes in /proc are not those of this PID namespace; mount it anew there");
            }
            if (hasChild()) { // first: su never goes back, so the checks below hold for this moment as well
                return Speaker.SHELL;
            }
            List<String> status = Files.readAllLines(folder.resolve("status"));
            boolean hasEnded = field(status, "State:").matches("[ZX].*");
            boolean isOwn = realUser(status).equals(realUser(Files.readAllLines(Path.of("/proc/self/status"))));
            return hasEnded || !isOwn ? Speaker.SHELL : Speaker.SU;
        } catch (NoSuchFileException e) {
            String hidden = hidingOption();
            if (hidden != null) {
                return unknown("/proc is mounted with " + hidden + TO_MEND);
            }
            return Files.exists(Path.of("/proc/self")) ? Speaker.SHELL : unknown("there is no /proc; mount it");
        } catch (IOException | RuntimeException e) {
            String hidden = hidingOption();
            return unknown(hidden == null ? "/proc cannot be read: " + e : "/proc is mounted with " + hidden + TO_MEND);
        }
    }

    private Speaker unknown(String why) {
        obstacle = why;
        return Speaker.UNKNOWN;
    }

    private boolean hasChild() throws IOException {
        try {
            Path children = folder.resolve("task").resolve(folder.getFileName()).resolve("children");
            return !Files.readString(children).isBlank();
        } catch (NoSuchFileException e) { // it has ended, is hidden, or the kernel was built without such lists
            if (!Files.exists(folder.resolve("status")) || hidingOption() != null) {
                throw e;
            }
            return process.children().findAny().isPresent();
        }
    }

    /** Returns the option that hides the processes of others, as mounted; null when there is none. */
    private static @Nullable String hidingOption() {
        String found = null;
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
                if (line.contains(MOUNT_POINT)) {
                    found = hidingOption(line); // the last one covers the others
                }
            }
        } catch (IOException expected) {
            // /proc cannot be read at all, which the caller reports
        }
        return found;
    }

    private static @Nullable String hidingOption(String mount) {
        for (String option : mount.substring(mount.lastIndexOf(' ') + 1).split(",")) {
            if (option.startsWith(HIDEPID) && !option.equals(HIDEPID + "0") && !option.equals(HIDEPID + "off")) {
                return option;
            }
        }
        return null;
    }

    private static String realUser(List<String> status) {
        return field(status, "Uid:").split("\\s+")[0];
    }

    private static String field(List<String> status, String name) {
        for (String line : status) {
            if (line.startsWith(name)) {
                return line.substring(name.length()).strip();
            }
        }
        throw new IllegalStateException("a status without " + name);
    }

    /** Asks the JDK on other systems. It sees the parent of su only where processes of other accounts are visible. */
    private Speaker speakerElsewhere() {
        if (process.children().findAny().isPresent()) {
            return Speaker.SHELL;
        }
        return process.parent().isPresent() ? Speaker.SU : unknown("this system does not show the processes of others");
    }
}
