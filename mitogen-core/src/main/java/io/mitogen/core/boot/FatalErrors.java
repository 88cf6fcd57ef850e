// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.boot;

import io.mitogen.core.Log;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Logs what no thread of a child catches, as one record at level ERROR. Ends the process at once when one of its vital threads
 * runs out of memory or breaks in another way: a context that can neither receive nor answer must not go on, and an ordered end
 * would need the memory that is not there. All that this needs is made beforehand. Any thread.
 */
final class FatalErrors implements Thread.UncaughtExceptionHandler {
    private static final byte[] LAST_WORDS =
            "the context is out of memory, its process ends\n".getBytes(StandardCharsets.US_ASCII);

    /** How the names of the threads begin without which a context is deaf or dumb; others run users' callbacks. */
    private static final String[] VITAL_THREADS = {"mitogen.main", "mitogen.pump.", "mitogen.broker"};

    private final FileOutputStream err = new FileOutputStream(FileDescriptor.err);

    private final Log log;

    private FatalErrors(Log log) {
        this.log = log;
    }

    /** Makes this the handler of all threads that have none. */
    static void install(Log log) {
        FatalErrors handler = new FatalErrors(log);
        isVital(VITAL_THREADS[0]); // what runs first resolves its constants
        isVirtualMachineError(new StackOverflowError());
        Thread.setDefaultUncaughtExceptionHandler(handler);
    }

    @Override
    public void uncaughtException(Thread thread, Throwable error) {
        if (isFatal(thread, error)) {
            try {
                err.write(LAST_WORDS);
            } catch (IOException | OutOfMemoryError expected) {
                // the exit status tells it as well
            } finally {
                Runtime.getRuntime().halt(ExitStatus.OUT_OF_MEMORY);
            }
        }
        log.error("Exception in thread \"" + thread.getName() + '"', error);
    }

    private boolean isFatal(Thread thread, Throwable error) {
        return isVital(thread.getName())
                && isVirtualMachineError(error); // others end with users' exceptions, which may do anything
    }

    private static boolean isVital(String name) {
        boolean vital = false;
        for (int i = 0; i < VITAL_THREADS.length; i++) {
            vital |= name.startsWith(VITAL_THREADS[i]);
        }
        return vital;
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
