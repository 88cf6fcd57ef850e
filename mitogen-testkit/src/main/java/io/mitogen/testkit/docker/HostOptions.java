// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.docker;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What a host shall be like. Immutable; each {@code with…} method returns a changed copy.
 *
 * @param name the host name, by which hosts of the same network find this one
 * @param published whether this machine can reach the host, through a port of 127.0.0.1
 * @param networks the networks that the host is on
 * @param sshdOptions lines as in {@code sshd_config}, which win over those of the image
 * @param disks what can be written, and where files can be executed
 */
public record HostOptions(
        String name, boolean published, List<DockerNetwork> networks, List<String> sshdOptions, Disks disks) {
    /** Checks and copies. */
    public HostOptions {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(disks, "disks");
        networks = List.copyOf(networks);
        sshdOptions = List.copyOf(sshdOptions);
        if (!name.matches("[a-z][a-z0-9-]{0,62}")) {
            throw new IllegalArgumentException("name: " + name + ", must be a host name of lower case letters");
        }
        if (!published && networks.isEmpty()) {
            throw new IllegalArgumentException("nobody could reach " + name + ": neither published nor on a network");
        }
    }

    /** Returns the ordinary host: published, on no network, everything writable. */
    public static HostOptions standard() {
        return new HostOptions("host", true, List.of(), List.of(), Disks.standard());
    }

    /** Returns a copy with this host name. */
    public HostOptions withName(String newName) {
        return new HostOptions(newName, published, networks, sshdOptions, disks);
    }

    /** Returns a copy that is on one more network. */
    public HostOptions withNetwork(DockerNetwork network) {
        return new HostOptions(name, published, with(networks, network), sshdOptions, disks);
    }

    /** Returns a copy that only the hosts of this network can reach, not this machine. */
    public HostOptions withOnlyNetwork(DockerNetwork network) {
        return new HostOptions(name, false, List.of(network), sshdOptions, disks);
    }

    /** Returns a copy with one more line for {@code sshd_config}, such as {@code "PasswordAuthentication no"}. */
    public HostOptions withSshdOption(String line) {
        return new HostOptions(name, published, networks, with(sshdOptions, line), disks);
    }

    /** Returns a copy that nothing can write to but {@code /run}, which is root's, {@code /dev/shm} and RAM disks. */
    public HostOptions withReadOnlyRoot() {
        return withDisks(new Disks(true, disks.noexecTmp(), disks.sharedMemory(), disks.ramDisks()));
    }

    /** Returns a copy with a writable {@code /tmp} where no file can be executed. */
    public HostOptions withNoexecTmp() {
        return withDisks(new Disks(disks.readOnlyRoot(), true, disks.sharedMemory(), disks.ramDisks()));
    }

    /** Returns a copy with another kind of {@code /dev/shm}. */
    public HostOptions withSharedMemory(SharedMemory kind) {
        return withDisks(new Disks(disks.readOnlyRoot(), disks.noexecTmp(), kind, disks.ramDisks()));
    }

    /** Returns a copy with a RAM disk at this path, which everybody can write to and execute from. */
    public HostOptions withRamDisk(String path) {
        return withDisks(
                new Disks(disks.readOnlyRoot(), disks.noexecTmp(), disks.sharedMemory(), with(disks.ramDisks(), path)));
    }

    private HostOptions withDisks(Disks newDisks) {
        return new HostOptions(name, published, networks, sshdOptions, newDisks);
    }

    private static <T> List<T> with(List<T> list, T more) {
        List<T> copy = new ArrayList<>(list);
        copy.add(more);
        return copy;
    }

    /** What {@code /dev/shm} is. */
    public enum SharedMemory {
        /** As on most machines: everybody writes to it, and executes from it. */
        EXEC,
        /** Files cannot be executed from it. */
        NOEXEC,
        /** There is none. */
        ABSENT
    }

    /**
     * What can be written, and where files can be executed.
     *
     * @param readOnlyRoot whether everything is read-only but {@code /run}, {@code /dev/shm} and what follows
     * @param noexecTmp whether {@code /tmp} is a disk of its own from which nothing can be executed
     * @param sharedMemory what {@code /dev/shm} is
     * @param ramDisks paths of RAM disks for everybody
     */
    public record Disks(boolean readOnlyRoot, boolean noexecTmp, SharedMemory sharedMemory, List<String> ramDisks) {
        /** Checks and copies. */
        public Disks {
            Objects.requireNonNull(sharedMemory, "sharedMemory");
            ramDisks = List.copyOf(ramDisks);
        }

        static Disks standard() {
            return new Disks(false, false, SharedMemory.EXEC, List.of());
        }
    }
}
