// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.docker;

/**
 * Two hosts and a network between them: this machine reaches the outer one only, and the inner one is reached from there only,
 * by its name. Any thread.
 *
 * @param network the network between them
 * @param outer the host that this machine reaches, named {@code bastion}
 * @param inner the host behind it, named {@code inner}
 */
public record Bastion(DockerNetwork network, DockerHost outer, DockerHost inner) implements AutoCloseable {
    /** Starts both, and waits until both accept connections. */
    public static Bastion start() {
        DockerNetwork network = DockerNetwork.create();
        try {
            HostOptions options = HostOptions.standard();
            DockerHost outer = DockerHost.start(options.withName("bastion").withNetwork(network));
            try {
                return new Bastion(
                        network,
                        outer,
                        DockerHost.start(options.withName("inner").withOnlyNetwork(network)));
            } catch (RuntimeException e) {
                outer.close();
                throw e;
            }
        } catch (RuntimeException e) {
            network.close();
            throw e;
        }
    }

    /** Removes the hosts and the network. */
    @Override
    public void close() {
        inner.close();
        outer.close();
        network.close();
    }
}
