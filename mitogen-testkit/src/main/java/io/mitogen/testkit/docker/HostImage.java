// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.docker;

import com.github.dockerjava.api.command.BuildImageCmd;
import com.github.dockerjava.api.command.BuildImageResultCallback;
import com.github.dockerjava.api.exception.DockerClientException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.BuildResponseItem;
import io.mitogen.core.Nullable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The image of all hosts. It is named after the digest of what it is built from, built when the engine has none of that name,
 * and stays there for the next run. Any thread.
 */
final class HostImage {
    static final String REPOSITORY = "mitogen-testkit-host";

    private static final List<String> FILES = List.of(
            "Dockerfile",
            "accounts",
            "banner",
            "code",
            "doas.conf",
            "java8",
            "motd",
            "new-host-key",
            "pam-auth",
            "pam-noise",
            "pam-session",
            "pam-su",
            "setup",
            "sshd_config",
            "start",
            "sudoers");
    private static final String OLD_JAVA = "classes/io/mitogen/testkit/docker/OldJava.class";
    /** Build arguments that every engine knows and keeps out of the image. */
    private static final List<String> PROXY_VARIABLES =
            List.of("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY");

    private static final int LIMIT_MINUTES = 20;
    private static final int LINES_KEPT = 15;

    private static @Nullable String name;

    private HostImage() {}

    /** Returns the name of the image, which is there now. Takes a minute or two when it has to be built. */
    static synchronized String name() {
        if (name == null) {
            Map<String, byte[]> content = content();
            String wanted = REPOSITORY + ":" + digest(content);
            if (!isThere(wanted)) {
                build(wanted, content);
            }
            name = wanted;
        }
        return name;
    }

    private static Map<String, byte[]> content() {
        Map<String, byte[]> content = new TreeMap<>();
        FILES.forEach(file -> content.put(file, resource("image/" + file)));
        content.put(OLD_JAVA, resource("OldJava.class"));
        return content;
    }

    private static byte[] resource(String path) {
        try (InputStream in = HostImage.class.getResourceAsStream(path)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path + " of the testkit", e);
        }
    }

    private static String digest(Map<String, byte[]> content) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            content.forEach((file, bytes) -> {
                digest.update((file + "\0" + bytes.length + "\0").getBytes(StandardCharsets.UTF_8));
                digest.update(bytes);
            });
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JVM has SHA-256", e);
        }
    }

    private static boolean isThere(String image) {
        try {
            DockerEngine.client().inspectImageCmd(image).exec();
            return true;
        } catch (NotFoundException expected) { // to be built
            return false;
        }
    }

    /** Returns the command that builds the image. It has read all that is in the folder, which is gone already. */
    private static BuildImageCmd command(Map<String, byte[]> content) {
        try {
            Path folder = Files.createTempDirectory("mitogen-testkit-image");
            try {
                for (Map.Entry<String, byte[]> file : content.entrySet()) {
                    Path path = folder.resolve(file.getKey());
                    Files.createDirectories(path.getParent());
                    Files.write(path, file.getValue());
                }
                return DockerEngine.client().buildImageCmd(folder.toFile());
            } finally {
                delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write down what the image is made of", e);
        }
    }

    private static void build(String image, Map<String, byte[]> content) {
        BuildImageCmd command = command(content);
        for (String variable : PROXY_VARIABLES) {
            String value = System.getenv(variable);
            if (value != null) {
                command.withBuildArg(variable, value);
            }
        }
        LastLines lines = new LastLines();
        try {
            command.withTags(Set.of(image))
                    .withLabels(Map.of(DockerEngine.LABEL, "image"))
                    .withForcerm(true)
                    .withNetworkMode("host") // an engine need not have a network that leads outside
                    .exec(lines)
                    .awaitImageId(LIMIT_MINUTES, TimeUnit.MINUTES);
        } catch (DockerClientException e) {
            throw new IllegalStateException(
                    "cannot build the image " + image + " on debian:bookworm-slim; last lines:\n" + lines.text(), e);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Keeps what a build said last. */
    private static final class LastLines extends BuildImageResultCallback {
        private final Deque<String> lines = new ArrayDeque<>();

        @Override
        public void onNext(BuildResponseItem item) {
            String line = item.getStream() == null
                    ? item.getErrorDetail() == null ? "" : item.getErrorDetail().getMessage()
                    : item.getStream();
            keep(line);
            super.onNext(item);
        }

        private synchronized void keep(String line) {
            if (!line.isBlank()) {
                lines.add(line.strip());
            }
            if (lines.size() > LINES_KEPT) {
                lines.remove();
            }
        }

        synchronized String text() {
            return String.join("\n", lines);
        }
    }
}
