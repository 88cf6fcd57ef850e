// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.docker;

import java.util.Map;
import java.util.UUID;

/**
 * A network that joins hosts. They find each other by the names in their {@link HostOptions}; nothing outside finds them,
 * neither the machine that runs the engine nor anything beyond, and they reach nothing outside. Any thread.
 */
public final class DockerNetwork implements AutoCloseable {
    private final String id;
    private final String name;

    private DockerNetwork(String name, String id) {
        this.name = name;
        this.id = id;
        Litter.ofThisJvm().add(this);
    }

    /** Makes a network. */
    public static DockerNetwork create() {
        // Without an address of its own on the bridge, the machine has no way to the containers.
        return create(true, Map.of("com.docker.network.bridge.inhibit_ipv4", "true"));
    }

    /**
     * Makes a network for hosts whose ports are published. They find nobody by name there, and get no answer from outside. An
     * engine that filters packets also keeps what they send to each other's addresses; one that runs without does not.
     */
    static DockerNetwork createFront() {
        return create(
                false,
                Map.of(
                        "com.docker.network.bridge.enable_icc", "false",
                        "com.docker.network.bridge.enable_ip_masquerade", "false"));
    }

    private static DockerNetwork create(boolean internal, Map<String, String> bridge) {
        String name = "mitogen-testkit-" + UUID.randomUUID();
        String id = DockerEngine.client()
                .createNetworkCmd()
                .withName(name)
                .withInternal(internal)
                .withOptions(bridge)
                .withLabels(Map.of(DockerEngine.LABEL, "network"))
                .exec()
                .getId();
        return new DockerNetwork(name, id);
    }

    /** Returns the engine's id of the network. */
    public String id() {
        return id;
    }

    /** Removes the network. Its hosts must be closed before. */
    @Override
    public void close() {
        Removal.run(() -> DockerEngine.client().removeNetworkCmd(id).exec());
        Litter.ofThisJvm().remove(this);
    }

    @Override
    public String toString() {
        return "Docker network " + name;
    }
}
