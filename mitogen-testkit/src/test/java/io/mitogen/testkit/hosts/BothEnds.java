// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.hosts;

import io.mitogen.testkit.SecretSearch;
import io.mitogen.testkit.docker.DockerHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Stream;

/**
 * Looks for secrets on this machine and in a host, again and again until closed: each end has a thread for it. What is logged
 * here meanwhile is kept and searched as well. Any thread.
 */
final class BothEnds implements AutoCloseable {
    private static final List<String> FOLDERS_THERE =
            List.of("/tmp", "/var/tmp", "/dev/shm", "/home", "/root", "/var/log");
    private static final String INPUT_THERE = "/run/secrets-to-find";
    private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

    private static final Logger LOGGER = Logger.getLogger("mitogen");

    private final List<String> secrets;
    private final DockerHost host;
    private final Set<Path> before = temporaryFiles();
    private final Set<String> found = Collections.synchronizedSet(new LinkedHashSet<>());
    private final AtomicInteger passesHere = new AtomicInteger();
    private final AtomicInteger passesThere = new AtomicInteger();
    private final Kept kept = new Kept();
    private final Level levelBefore;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean isClosed;

    BothEnds(List<String> secrets, DockerHost host) {
        this.secrets = secrets;
        this.host = host;
        levelBefore = LOGGER.getLevel();
        LOGGER.setLevel(Level.ALL);
        LOGGER.setUseParentHandlers(false);
        LOGGER.addHandler(kept);
        start("here", this::searchHere);
        start("there", this::searchThere);
    }

    private void start(String name, Runnable search) {
        Thread thread = new Thread(
                () -> {
                    while (!isClosed) {
                        search.run();
                    }
                },
                "test.secrets-" + name);
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
    }

    private void searchHere() {
        List<String> folders = new ArrayList<>(List.of("/dev/shm", "/var/tmp"));
        for (Path path : temporaryFiles()) {
            if (!before.contains(path)) {
                folders.add(path.toString());
                found.addAll(SecretSearch.searchText(secrets, "file " + path, content(path)));
            }
        }
        for (String place : SecretSearch.search(secrets, folders)) {
            found.add("here: " + place);
        }
        passesHere.incrementAndGet();
    }

    private void searchThere() {
        try {
            for (String place : SecretSearch.searchHost(this::runThere, secrets, FOLDERS_THERE)) {
                found.add("there: " + place);
            }
            passesThere.incrementAndGet();
        } catch (IOException | RuntimeException e) {
            found.add("there: the search failed: " + e);
        }
    }

    /** Sends the input once, to where nothing is searched: it is always the same. */
    private String runThere(String script, String input) throws IOException {
        if (passesThere.get() == 0) {
            host.shell().run("cat >" + INPUT_THERE, input);
        }
        return host.shell().run("exec <" + INPUT_THERE + "; " + script, "");
    }

    private static Set<Path> temporaryFiles() {
        try (Stream<Path> files = Files.list(TEMPORARY)) {
            return new HashSet<>(files.toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String content(Path path) {
        try {
            return Files.isRegularFile(path) ? Files.readString(path, StandardCharsets.ISO_8859_1) : "";
        } catch (IOException expected) { // gone since it was listed
            return "";
        }
    }

    /** Returns where a secret was seen so far, the logs of both ends included. */
    Set<String> found() {
        Set<String> all;
        synchronized (found) {
            all = new LinkedHashSet<>(found);
        }
        all.addAll(SecretSearch.searchText(secrets, "log here", String.join("\n", kept.lines)));
        all.addAll(SecretSearch.searchText(secrets, "log there", String.join("\n", host.log())));
        return all;
    }

    /** Returns how often that end has been searched which was searched the least. */
    int passes() {
        return Math.min(passesHere.get(), passesThere.get());
    }

    /** Returns how many lines were logged here. */
    int lines() {
        return kept.lines.size();
    }

    @Override
    public void close() {
        isClosed = true;
        LOGGER.removeHandler(kept);
        LOGGER.setUseParentHandlers(true);
        LOGGER.setLevel(levelBefore);
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Keeps everything that is logged. */
    private static final class Kept extends Handler {
        private final Queue<String> lines = new ConcurrentLinkedQueue<>();
        private final SimpleFormatter formatter = new SimpleFormatter();

        Kept() {
            setLevel(Level.ALL);
        }

        @Override
        public void publish(LogRecord record) {
            lines.add(formatter.format(record));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
