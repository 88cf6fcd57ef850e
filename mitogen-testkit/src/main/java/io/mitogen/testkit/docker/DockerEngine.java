// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.docker;

import com.github.dockerjava.api.DockerClient;
import io.mitogen.core.Nullable;
import java.net.URI;
import java.util.Optional;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.dockerclient.DockerClientProviderStrategy;
import org.testcontainers.dockerclient.TransportConfig;

/**
 * The Docker engine of this machine, found as Testcontainers finds it. None of Testcontainers' own containers is started:
 * what is made here is removed by {@link Litter}. Nothing here is loaded from Testcontainers before it is asked for, so that
 * it can be said when that is missing. Any thread.
 */
final class DockerEngine {
    /** On everything that is made, so that it can be found when this JVM was killed. */
    static final String LABEL = "io.mitogen.testkit";

    private static @Nullable DockerClient client;
    private static @Nullable String missing;

    private DockerEngine() {}

    /**
     * Returns the connection to the engine.
     *
     * @throws IllegalStateException with what {@link #missing} says
     */
    static DockerClient client() {
        missing().ifPresent(reason -> {
            throw new IllegalStateException(reason);
        });
        return client;
    }

    /** Returns why there is no engine to use, and what to do about it; empty when there is one. Asked once. */
    static synchronized Optional<String> missing() {
        if (client == null && missing == null) {
            try {
                connect();
            } catch (NoClassDefFoundError e) {
                missing = "Testcontainers is not on the class path; add org.testcontainers:testcontainers (" + e + ")";
            } catch (RuntimeException e) {
                missing = "no Docker engine answers; start one, or name its socket in DOCKER_HOST (" + e.getMessage()
                        + ")";
            }
        }
        return Optional.ofNullable(missing);
    }

    private static void connect() {
        TransportConfig config = DockerClientFactory.instance().getTransportConfig();
        URI place = config.getDockerHost();
        if (place.getScheme().startsWith("tcp") && !isThisMachine(place)) {
            missing = "the Docker engine at " + place
                    + " is on another machine, and its hosts could not be reached from here";
            return;
        }
        DockerClient found = DockerClientProviderStrategy.getClientForConfig(config);
        found.pingCmd().exec();
        client = found;
    }

    private static boolean isThisMachine(URI place) {
        return "localhost".equals(place.getHost()) || "127.0.0.1".equals(place.getHost());
    }
}
