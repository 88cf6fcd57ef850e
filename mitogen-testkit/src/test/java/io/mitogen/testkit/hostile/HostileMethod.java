// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.hostile;

import io.mitogen.core.pickle.Kwargs;
import io.mitogen.parent.ContextOptions;
import io.mitogen.parent.Launch;
import io.mitogen.parent.LaunchMethod;
import io.mitogen.parent.LaunchSite;
import java.nio.file.Path;
import java.util.List;

/** Starts a {@link SocketPump} in place of a child. */
record HostileMethod(ContextOptions common, int port) implements LaunchMethod {
    @Override
    public Kwargs options() {
        return common.toKwargs();
    }

    @Override
    public String java() {
        return null;
    }

    @Override
    public Launch launch(LaunchSite site) {
        return new Launch(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                SocketPump.class.getName(),
                Integer.toString(port)));
    }

    @Override
    public String defaultName(long pid) {
        return "hostile." + pid;
    }
}
