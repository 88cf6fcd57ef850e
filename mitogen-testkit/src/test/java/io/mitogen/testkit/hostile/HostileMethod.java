// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.hostile;

import io.mitogen.core.pickle.Kwargs;
import io.mitogen.parent.ContextOptions;
import io.mitogen.parent.Launch;
import io.mitogen.parent.LaunchMethod;
import io.mitogen.parent.LaunchSite;
import io.mitogen.parent.PythonMethod;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Starts a {@link SocketPump} in place of a child. */
public record HostileMethod(ContextOptions common, int port, String classPath) implements LaunchMethod {
    /** Makes a method that starts the pump from the class path of this process. */
    HostileMethod(ContextOptions common, int port) {
        this(common, port, System.getProperty("java.class.path"));
    }

    /** Makes the value again that {@link #options} described. */
    public static HostileMethod fromOptions(Kwargs options) {
        return new HostileMethod(
                ContextOptions.fromKwargs((Kwargs) options.get("common")),
                ((Number) options.get("port")).intValue(),
                (String) options.get("class_path"));
    }

    @Override
    public Kwargs options() {
        return Kwargs.copyOf(Map.of("common", common.toKwargs(), "port", port, "class_path", classPath));
    }

    @Override
    public String java() {
        return null;
    }

    @Override
    public Launch launch(LaunchSite site) {
        return new Launch(command());
    }

    private List<String> command() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                SocketPump.class.getName(),
                Integer.toString(port));
    }

    /** As a Python context starts it: in the place of an interpreter. */
    @Override
    public PythonMethod forPython() {
        return new PythonMethod("local", Map.of("python_path", command()));
    }

    @Override
    public String toString() {
        return "Hostile";
    }

    @Override
    public String defaultName(long pid) {
        return "hostile." + pid;
    }
}
