// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The processes of a run: what was started and not yet stopped. Any thread. */
public final class Processes {
    private final Map<Running, String> started = new LinkedHashMap<>(); // guarded by this
    private boolean closed; // guarded by this
    private volatile boolean hasStartedAny;

    /** Adds {@code process}, named {@code name} in reports. Once the run was cut off, it is killed at once. */
    void add(String name, Running process) {
        synchronized (this) {
            started.put(process, name);
            if (!closed) {
                return;
            }
        }
        process.kill();
    }

    /** Notes that a process has become a context. */
    void started() {
        hasStartedAny = true;
    }

    boolean hasStartedAny() {
        return hasStartedAny;
    }

    synchronized void remove(Running process) {
        started.remove(process);
    }

    /** Returns how each of them is, one line each. */
    public List<String> states() {
        Map<Running, String> all;
        synchronized (this) {
            all = new LinkedHashMap<>(started);
        }
        List<String> lines = new ArrayList<>();
        all.forEach((process, name) -> lines.add(name + ": " + process.state() + process.errors()));
        return lines;
    }

    /** Kills everything, now and from now on; for a run that is cut off. */
    public void killAll() {
        List<Running> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(started.keySet());
        }
        all.forEach(Running::kill);
    }
}
