// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.connect;

import io.mitogen.core.pickle.Kwargs;
import io.mitogen.parent.Launch;
import io.mitogen.parent.LaunchSite;
import io.mitogen.parent.MethodOptions;
import io.mitogen.parent.ProcessMethod;
import io.mitogen.parent.PythonMethod;
import java.nio.file.Path;
import java.util.Map;

/** A context in a process of its own on the machine of its parent. A value; each method returns a changed copy. */
public final class Local extends ProcessMethod<Local> {
    private Local(MethodOptions options) {
        super(options);
    }

    /** Returns a local context with nothing chosen: it runs the {@code java} that runs its parent. */
    public static Local create() {
        return new Local(MethodOptions.DEFAULT);
    }

    /** Makes the value again that {@link #options} described. */
    public static Local fromOptions(Kwargs options) {
        return new Local(MethodOptions.fromKwargs(options));
    }

    @Override
    protected Local with(MethodOptions changed) {
        return new Local(changed);
    }

    @Override
    public String java() {
        String chosen = super.java();
        return chosen != null
                ? chosen
                : Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    @Override
    public Launch launch(LaunchSite site) {
        return new Launch(site.boot().argv());
    }

    @Override
    protected PythonMethod forPython(Map<String, Object> fields) {
        return new PythonMethod("local", fields);
    }

    @Override
    public String defaultName(long pid) {
        return "local." + pid;
    }

    @Override
    public String toString() {
        return common().name() == null ? "Local" : "Local " + common().name();
    }
}
