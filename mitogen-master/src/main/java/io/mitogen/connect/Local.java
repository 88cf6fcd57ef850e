// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.connect;

import io.mitogen.core.call.Context;
import io.mitogen.core.pickle.Kwargs;
import io.mitogen.parent.BootCommand;
import io.mitogen.parent.ContextOptions;
import io.mitogen.parent.Launch;
import io.mitogen.parent.LaunchMethod;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A context in a process of its own on the machine of its parent. A value; each method returns a changed copy. */
public record Local(ContextOptions common) implements LaunchMethod {
    /** Returns a local context with nothing chosen: it runs the {@code java} that runs its parent. */
    public static Local create() {
        return new Local(ContextOptions.DEFAULT);
    }

    /** Makes the value again that {@link #options} described. */
    public static Local fromOptions(Kwargs options) {
        return new Local(ContextOptions.fromKwargs(options));
    }

    /** With a name of its own, for the process list and the logs: 1 to 99 characters, no slash. */
    public Local name(String name) {
        return new Local(common.withName(name));
    }

    /** With the {@code java} program at this path, or of this name on the PATH. */
    public Local java(String program) {
        return new Local(common.withJava(program));
    }

    /** With these options for its JVM, as {@code -Xmx64m}. */
    public Local jvmOptions(String... options) {
        return new Local(common.withJvmOptions(List.of(options)));
    }

    /** With jars and folders that are searched before the master is asked for a class. */
    public Local classPath(String... paths) {
        return new Local(common.withClassPath(List.of(paths)));
    }

    /** Logging everything. */
    public Local debug() {
        return new Local(common.withDebug(true));
    }

    /** Ready within this time, or the attempt fails; 30 seconds when not set. */
    public Local connectTimeout(Duration timeout) {
        return new Local(common.withConnectTimeout(timeout));
    }

    /** Started by another context, on that context's machine. */
    public Local via(Context context) {
        return new Local(common.withVia(context));
    }

    @Override
    public Kwargs options() {
        return common.toKwargs();
    }

    @Override
    public String java() {
        String chosen = common.java();
        return chosen != null
                ? chosen
                : Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    @Override
    public Launch launch(BootCommand boot) {
        return new Launch(boot.argv());
    }

    @Override
    public String defaultName(long pid) {
        return "local." + pid;
    }

    @Override
    public String toString() {
        return common.name() == null ? "Local" : "Local " + common.name();
    }
}
