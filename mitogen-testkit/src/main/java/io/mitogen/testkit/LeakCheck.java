// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Tells what a test has left behind: something that is there now and was not when the check was made. One thread at a time.
 *
 * <pre>{@code
 * LeakCheck leaks = LeakCheck.startAll();
 * Mitogen.run(router -> ...);
 * leaks.check(Duration.ofSeconds(20));
 * }</pre>
 */
public interface LeakCheck {
    /** Returns what is left at this moment, each described so that the same thing has the same text at another moment. */
    Set<String> leftovers();

    /** Returns what can be said of one of the leftovers now, beside the text by which it is known. */
    default String explain(String leftover) {
        return "";
    }

    /**
     * Waits until everything is gone that is left now; what others begin meanwhile does not count.
     *
     * @throws AssertionError that lists what is still left when {@code limit} is over
     */
    default void check(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        Set<String> left = new LinkedHashSet<>(leftovers());
        while (!left.isEmpty()) {
            if (System.nanoTime() - end > 0) {
                StringBuilder message = new StringBuilder("left behind, " + limit.toMillis() + " ms later:");
                left.forEach(leftover -> message.append("\n  ").append(leftover).append(explain(leftover)));
                throw new AssertionError(message.toString());
            }
            LockSupport.parkNanos(5_000_000);
            left.retainAll(leftovers());
        }
    }

    /** Returns a check of processes, threads, descriptors and temporary files, from now on. */
    static LeakCheck startAll() {
        List<LeakCheck> checks = new ArrayList<>(List.of(
                ProcessLeakCheck.start(),
                ThreadLeakCheck.start(),
                DescriptorLeakCheck.start(),
                TempFileLeakCheck.start()));
        return new LeakCheck() {
            @Override
            public Set<String> leftovers() {
                Set<String> all = new LinkedHashSet<>();
                checks.forEach(check -> all.addAll(check.leftovers()));
                return all;
            }

            @Override
            public String explain(String leftover) {
                StringBuilder explanation = new StringBuilder();
                checks.forEach(check -> explanation.append(check.explain(leftover)));
                return explanation.toString();
            }
        };
    }
}
