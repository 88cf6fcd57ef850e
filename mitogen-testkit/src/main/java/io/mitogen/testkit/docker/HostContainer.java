// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.ExecStartCmd;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.api.model.StreamType;
import io.mitogen.core.Nullable;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A host's container, as the engine knows it, removed when the JVM ends. Any thread. */
final class HostContainer implements AutoCloseable {
    private static final ExposedPort SSH = ExposedPort.tcp(22);
    private static final int LIMIT_S = 120;

    private static @Nullable DockerNetwork front;

    private final DockerClient client;
    private final String id;

    private HostContainer(DockerClient client, String id) {
        this.client = client;
        this.id = id;
    }

    /** Makes a container and starts it. It may take a moment until its sshd listens. */
    static HostContainer start(HostOptions options, String authorizedKey) {
        DockerClient client = DockerEngine.client();
        DockerNetwork first = options.published() ? front() : options.networks().get(0);
        CreateContainerCmd create = client.createContainerCmd(HostImage.name())
                .withLabels(Map.of(DockerEngine.LABEL, "host"))
                .withHostName(options.name())
                .withAliases(options.name())
                .withExposedPorts(SSH)
                .withEnv(
                        "TESTKIT_AUTHORIZED_KEY=" + authorizedKey,
                        "TESTKIT_SSHD_OPTIONS=" + String.join("\n", options.sshdOptions()))
                .withHostConfig(hostConfig(options).withNetworkMode(first.id()));
        HostContainer container = new HostContainer(client, create.exec().getId());
        Litter.ofThisJvm().add(container);
        try {
            for (DockerNetwork network : options.networks()) {
                if (network != first) {
                    container.join(network, options.name());
                }
            }
            client.startContainerCmd(container.id).exec();
            return container;
        } catch (RuntimeException e) {
            container.close();
            throw e;
        }
    }

    private static HostConfig hostConfig(HostOptions options) {
        HostOptions.Disks disks = options.disks();
        Map<String, String> ram = new LinkedHashMap<>();
        ram.put("/run", "rw,nosuid,nodev,mode=755");
        if (disks.noexecTmp()) {
            ram.put("/tmp", "rw,noexec,nosuid,nodev,mode=1777");
        }
        if (disks.sharedMemory() == HostOptions.SharedMemory.EXEC) {
            ram.put("/dev/shm", "rw,exec,nosuid,nodev,mode=1777");
        }
        disks.ramDisks().forEach(path -> ram.put(path, "rw,exec,nosuid,nodev,mode=1777"));
        HostConfig config = HostConfig.newHostConfig()
                .withTmpFs(ram)
                .withReadonlyRootfs(disks.readOnlyRoot())
                .withDnsOptions(List.of("timeout:1", "attempts:1")); // names from outside are not found
        if (disks.sharedMemory() == HostOptions.SharedMemory.ABSENT) {
            config.withIpcMode("none");
        }
        if (options.published()) {
            config.withPortBindings(new PortBinding(Ports.Binding.bindIp("127.0.0.1"), SSH));
        }
        return config;
    }

    private static synchronized DockerNetwork front() {
        if (front == null) {
            front = DockerNetwork.createFront();
        }
        return front;
    }

    private void join(DockerNetwork network, String name) {
        client.connectToNetworkCmd()
                .withContainerId(id)
                .withNetworkId(network.id())
                .withContainerNetwork(new ContainerNetwork().withAliases(name))
                .exec();
    }

    String id() {
        return id;
    }

    /** Returns the port of 127.0.0.1 that leads to sshd. */
    int port() {
        Ports.Binding[] bindings = client.inspectContainerCmd(id)
                .exec()
                .getNetworkSettings()
                .getPorts()
                .getBindings()
                .get(SSH);
        return Integer.parseInt(bindings[0].getHostPortSpec());
    }

    /** @param input for its standard input, which does not end after that; empty for one that has ended */
    CommandResult exec(String user, List<String> command, byte[] input) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        String exec = client.execCreateCmd(id)
                .withUser(user)
                .withAttachStdin(input.length > 0)
                .withAttachStdout(true)
                .withAttachStderr(true)
                .withCmd(command.toArray(String[]::new))
                .exec()
                .getId();
        ExecStartCmd start = client.execStartCmd(exec);
        if (input.length > 0) {
            start.withStdIn(new ByteArrayInputStream(input));
        }
        await(start.exec(new Collector(out, err)), String.join(" ", command));
        Long exit = client.inspectExecCmd(exec).exec().getExitCodeLong();
        return new CommandResult(
                exit == null ? -1 : exit.intValue(),
                out.toString(StandardCharsets.UTF_8),
                err.toString(StandardCharsets.UTF_8));
    }

    /** Returns what sshd has logged so far. */
    String log() {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        await(
                client.logContainerCmd(id).withStdOut(true).withStdErr(true).exec(new Collector(text, text)),
                "reading the log");
        return text.toString(StandardCharsets.UTF_8);
    }

    /** Removes it with everything that runs in it. */
    @Override
    public void close() {
        Removal.run(() -> client.removeContainerCmd(id)
                .withForce(true)
                .withRemoveVolumes(true)
                .exec());
        Litter.ofThisJvm().remove(this);
    }

    @Override
    public String toString() {
        return "container " + id;
    }

    private void await(Collector collector, String what) {
        try {
            if (!collector.awaitCompletion(LIMIT_S, TimeUnit.SECONDS)) {
                throw new IllegalStateException("in container " + id + ", not over in " + LIMIT_S + " s: " + what);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for container " + id + ": " + what, e);
        }
    }

    /** Keeps what comes on two streams. */
    private static final class Collector extends ResultCallback.Adapter<Frame> {
        private final ByteArrayOutputStream out;
        private final ByteArrayOutputStream err;

        Collector(ByteArrayOutputStream out, ByteArrayOutputStream err) {
            this.out = out;
            this.err = err;
        }

        @Override
        public void onNext(Frame frame) {
            (frame.getStreamType() == StreamType.STDERR ? err : out).writeBytes(frame.getPayload());
        }
    }
}
