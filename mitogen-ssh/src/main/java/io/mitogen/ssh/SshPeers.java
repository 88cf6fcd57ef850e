// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.ssh;

import io.mitogen.core.concurrent.Deadline;
import io.mitogen.parent.MethodOptions;
import io.mitogen.parent.ProgramAnswer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The sshds that an attempt passes: the host's, and those of all jump hosts, as ssh's configuration names them. One thread. */
final class SshPeers {
    private static final int MAX_DEPTH = 8; // of jump hosts that need jump hosts
    private static final int MAX_ANSWER_BYTES = 64 * 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final MethodOptions chosen;
    private final Deadline deadline = Deadline.after(PATIENCE); // for all questions
    private final Set<String> names = new LinkedHashSet<>();
    private final Set<String> jumps = new HashSet<>(); // as they are written, each of which is asked for once

    SshPeers(MethodOptions chosen) {
        this.chosen = chosen;
    }

    /** Returns the peers, as addresses and ports; asks {@code ssh -G} for them, which connects to nothing. */
    Set<String> names() {
        List<String> words = new ArrayList<>(chosen.words("arguments"));
        if (chosen.number("port") != null) {
            words.addAll(List.of("-p", chosen.number("port").toString()));
        }
        if (chosen.text("user") != null) {
            words.addAll(List.of("-l", chosen.text("user")));
        }
        add(words, chosen.text("host"), 0);
        return names;
    }

    private void add(List<String> words, String host, int depth) {
        String address = host;
        String port = "";
        for (String line : configuration(words, host)) {
            String value = line.substring(line.indexOf(' ') + 1);
            if (line.startsWith("hostname ")) {
                address = value;
            } else if (line.startsWith("port ")) {
                port = value;
            } else if (line.startsWith("proxycommand ")) {
                names.add(value);
            } else if (line.startsWith("proxyjump ") && !value.equals("none") && depth < MAX_DEPTH) {
                for (String jump : value.split(",")) {
                    if (jumps.add(jump)) {
                        addJump(jump, depth + 1);
                    }
                }
            }
        }
        names.add(address + ":" + port);
    }

    /** Adds a jump host, which is {@code [user@]host[:port]}; of the options only the configuration file concerns it. */
    private void addJump(String jump, int depth) {
        List<String> words = new ArrayList<>();
        List<String> own = chosen.words("arguments");
        int file = own.indexOf("-F");
        if (file >= 0 && file + 1 < own.size()) {
            words.addAll(List.of("-F", own.get(file + 1)));
        }
        String host = jump.substring(jump.lastIndexOf('@') + 1);
        int colon = host.lastIndexOf(':');
        boolean hasPort = colon > 0 && host.indexOf(':') == colon || host.contains("]:");
        if (hasPort) {
            words.addAll(List.of("-p", host.substring(colon + 1)));
            host = host.substring(0, colon);
        }
        add(words, host.replace("[", "").replace("]", ""), depth);
    }

    /** Returns the lines of {@code ssh -G}, none when it gives no answer in time: then the attempt itself will say why. */
    private List<String> configuration(List<String> words, String host) {
        List<String> command = new ArrayList<>(List.of(chosen.text("path", "ssh"), "-G"));
        command.addAll(words);
        command.addAll(List.of("--", host));
        try {
            ProcessBuilder ssh = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
            return ProgramAnswer.of(ssh, deadline, MAX_ANSWER_BYTES)
                    .text()
                    .lines()
                    .toList();
        } catch (IOException expected) {
            return List.of();
        } catch (InterruptedException expected) { // the attempt was given up
            Thread.currentThread().interrupt();
            return List.of();
        }
    }
}
