// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Finds processes that outlive what started them. On Linux these are the new ones of a process group, so that orphans, which
 * belong to nobody's descendants any more, are found as well; elsewhere the descendants of this process. One thread at a time.
 *
 * <p>A group may have other programs, such as a second JVM with tests. What is below its leader, and not below this process, is theirs.
 *
 * <p>A zombie counts unless its parent is process 1, which is not ours to mend.
 */
public final class ProcessLeakCheck implements LeakCheck {
    private static final File PROCESSES = new File("/proc");
    private static final int MAX_SHOWN_CHARS = 300;
    private static final long REAPER = 1;

    private final Predicate<Stat> watched;
    private final Set<String> before;

    private ProcessLeakCheck(Predicate<Stat> watched, boolean fromNow) {
        this.watched = watched;
        this.before = fromNow ? Set.copyOf(now()) : Set.of();
    }

    /** Watches what is started by this process from now on. */
    public static ProcessLeakCheck start() {
        Stat own = isLinux() ? Stat.read("self") : null;
        long group = own == null ? 0 : own.group();
        return new ProcessLeakCheck(stat -> stat.group() == group && !isOfAnother(stat), true);
    }

    /** Watches all processes of the group whose leader was {@code pid}. Linux only. */
    public static ProcessLeakCheck ofGroup(long pid) {
        return new ProcessLeakCheck(stat -> stat.group() == pid, false);
    }

    /** Watches these processes, which should end. */
    public static ProcessLeakCheck of(Set<Long> pids) {
        Set<Long> copy = Set.copyOf(pids);
        return new ProcessLeakCheck(stat -> copy.contains(stat.pid()), false);
    }

    /** Watches these processes, which should end. */
    static ProcessLeakCheck of(Collection<ProcessHandle> processes) {
        return of(processes.stream().map(ProcessHandle::pid).collect(Collectors.toSet()));
    }

    /** Watches what sessions of an ssh server start from now on: see {@link LocalSshd#leakCheck}. */
    static ProcessLeakCheck startOnSshd(ProcessHandle server, String mark) {
        return new ProcessLeakCheck(
                stat -> ProcessHandle.of(stat.pid())
                        .filter(process -> isOnSshd(process, server, mark))
                        .isPresent(),
                true);
    }

    /** An orphan's way up does not lead to the leader, so that it counts. */
    private static boolean isOfAnother(Stat stat) {
        long own = ProcessHandle.current().pid();
        Stat above = stat;
        while (above != null && above.group() == stat.group() && above.pid() != own) {
            if (above.pid() == above.group()) {
                return true;
            }
            above = above.parent() == REAPER ? null : Stat.read(Long.toString(above.parent()));
        }
        return false;
    }

    /** Returns the processes that are below {@code server} or have {@code mark}, {@code NAME=VALUE}, in their environment. */
    static Set<ProcessHandle> onSshd(ProcessHandle server, String mark) {
        Set<ProcessHandle> found = new LinkedHashSet<>();
        ProcessHandle.allProcesses()
                .filter(process -> isOnSshd(process, server, mark))
                .forEach(found::add);
        return found;
    }

    /** A process that has got the id of a server that is gone is not equal to it. */
    private static boolean isOnSshd(ProcessHandle process, ProcessHandle server, String mark) {
        Optional<ProcessHandle> above = process.parent();
        while (above.isPresent() && !above.get().equals(server)) {
            above = above.get().parent();
        }
        return above.isPresent() || hasInEnvironment(process.pid(), mark);
    }

    private static boolean hasInEnvironment(long pid, String entry) {
        try {
            byte[] environment = Files.readAllBytes(Path.of("/proc", Long.toString(pid), "environ"));
            return List.of(new String(environment, StandardCharsets.ISO_8859_1).split("\0"))
                    .contains(entry);
        } catch (IOException expected) { // it ended, belongs to somebody else, or there is no /proc
            return false;
        }
    }

    @Override
    public Set<String> leftovers() {
        Set<String> left = now();
        left.removeAll(before);
        return left;
    }

    @Override
    public String explain(String leftover) {
        String[] words = leftover.split(" ");
        Stat stat = words[0].equals("process") ? Stat.read(words[1]) : null;
        if (stat == null) {
            return "";
        }
        String line = ProcessHandle.of(stat.pid())
                .flatMap(process -> process.info().commandLine())
                .orElse("?");
        return ": " + stat.command() + ", state " + stat.state() + ", parent " + stat.parent() + ": "
                + line.substring(0, Math.min(line.length(), MAX_SHOWN_CHARS));
    }

    private Set<String> now() {
        Set<String> found = new LinkedHashSet<>();
        if (isLinux()) {
            String[] names = PROCESSES.list((folder, name) -> Character.isDigit(name.charAt(0)));
            for (String name : names) {
                Stat stat = Stat.read(name);
                if (stat != null && watched.test(stat) && !(stat.isZombie() && stat.parent() == 1)) {
                    found.add(stat.describe());
                }
            }
        } else {
            ProcessHandle.current().descendants().forEach(process -> found.add(process.pid() + " " + process.info()));
        }
        return found;
    }

    private static boolean isLinux() {
        return new File(PROCESSES, "self/stat").exists();
    }

    /** The fields of {@code /proc/PID/stat} that count here: see proc(5). */
    private record Stat(long pid, String command, String state, long parent, long group, String started) {
        private static final int STATE = 0;
        private static final int PARENT = 1;
        private static final int GROUP = 2;
        private static final int STARTED = 19;

        /** Returns null when there is no such process (any more). */
        static Stat read(String pid) {
            try {
                // Names of commands are any bytes, and cut after 15 of them, also within a character.
                byte[] bytes = Files.readAllBytes(Path.of("/proc", pid, "stat"));
                String text = new String(bytes, StandardCharsets.ISO_8859_1);
                int open = text.indexOf('(');
                int close = text.lastIndexOf(')');
                String[] fields = text.substring(close + 2).split(" ");
                return new Stat(
                        Long.parseLong(text.substring(0, open).trim()),
                        text.substring(open + 1, close),
                        fields[STATE],
                        Long.parseLong(fields[PARENT]),
                        Long.parseLong(fields[GROUP]),
                        fields[STARTED]);
            } catch (IOException expected) { // it ended
                return null;
            }
        }

        boolean isZombie() {
            return state.equals("Z");
        }

        /** Leaves out what changes in the life of a process: its state, its parent, its words. */
        String describe() {
            return "process " + pid + " started at tick " + started + " in group " + group;
        }
    }
}
