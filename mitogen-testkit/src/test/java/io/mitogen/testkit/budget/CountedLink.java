// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.budget;

import io.mitogen.core.pickle.Kwargs;
import io.mitogen.parent.ContextOptions;
import io.mitogen.parent.Launch;
import io.mitogen.parent.LaunchMethod;
import io.mitogen.parent.LaunchSite;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A local context that writes to {@code copy} all that its parent sends, and to {@code commandBytes} the length of its command. */
record CountedLink(ContextOptions common, Path copy, AtomicInteger commandBytes) implements LaunchMethod {
    /** The shell ends with the context, not when its parent closes the link. */
    private static final String SCRIPT = "f=$1; shift; tee \"$f\" | { \"$@\"; kill $$; }";

    @Override
    public String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    @Override
    public Launch launch(LaunchSite site) {
        commandBytes.set(site.boot().length());
        List<String> argv = new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT, "counted"));
        argv.add(copy.toString());
        argv.addAll(site.boot().argv());
        return new Launch(argv);
    }

    @Override
    public String defaultName(long pid) {
        return "counted." + pid;
    }

    @Override
    public Kwargs options() {
        return common.toKwargs();
    }
}
