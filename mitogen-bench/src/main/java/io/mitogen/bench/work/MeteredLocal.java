// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.work;

import io.mitogen.core.pickle.Kwargs;
import io.mitogen.parent.ContextOptions;
import io.mitogen.parent.Launch;
import io.mitogen.parent.LaunchMethod;
import io.mitogen.parent.LaunchSite;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A local context whose link is copied into two files. A value.
 *
 * @param common its options
 * @param down file that gets all that the parent sends
 * @param up file that gets all that the context sends
 * @param commandBytes is set to the length of the command
 */
record MeteredLocal(ContextOptions common, Path down, Path up, AtomicInteger commandBytes) implements LaunchMethod {
    /** The copiers end with the context, not when its parent closes the link. */
    private static final String SCRIPT =
            "d=$1; u=$2; shift 2; exec 3>&1; tee \"$d\" | { \"$@\" | tee \"$u\" >&3; kill $$; }";

    @Override
    public String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    @Override
    public Launch launch(LaunchSite site) {
        commandBytes.set(site.boot().length());
        List<String> argv =
                new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT, "metered", down.toString(), up.toString()));
        argv.addAll(site.boot().argv());
        return new Launch(argv);
    }

    @Override
    public String defaultName(long pid) {
        return "metered." + pid;
    }

    @Override
    public Kwargs options() {
        return common.toKwargs();
    }
}
