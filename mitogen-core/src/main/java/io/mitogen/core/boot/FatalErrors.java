// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.boot;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Ends a child's process at once when one of its vital threads runs out of memory or breaks in another way: a context that can
 * neither receive nor answer must not go on, and an ordered end would need the memory that is not there. All that this needs
 * is made beforehand. Any thread.
 */
final class FatalErrors implements Thread.UncaughtExceptionHandler {
    private static final byte[] LAST_WORDS =
            "the context is out of memory, its process ends\n".getBytes(StandardCharsets.US_ASCII);

    private final FileOutputStream err = new FileOutputStream(FileDescriptor.err);

    private FatalErrors() {}

    /** Makes this the handler of all threads that have none. */
    static void install() {
        Thread.setDefaultUncaughtExceptionHandler(new FatalErrors());
    }

    @Override
    public void uncaughtException(Thread thread, Throwable error) {
        if (isVital(thread) && isVirtualMachineError(error)) {
            try {
                err.write(LAST_WORDS);
            } catch (IOException | OutOfMemoryError expected) {
                // the exit status tells it as well
            }
            Runtime.getRuntime().halt(ExitStatus.OUT_OF_MEMORY);
        }
        error.printStackTrace();
    }

    /** The threads without which a context is deaf or dumb; not those that run users' callbacks. */
    private static boolean isVital(Thread thread) {
        String name = thread.getName();
        return name.startsWith("mitogen.main") || name.startsWith("mitogen.pump.") || name.startsWith("mitogen.broker");
    }

    private static boolean isVirtualMachineError(Throwable error) {
        int depth = 0;
        for (Throwable t = error; t != null && depth < 10; t = t.getCause()) {
            if (t instanceof VirtualMachineError) {
                return true;
            }
            depth++;
        }
        return false;
    }
}
