// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.suite;

import io.mitogen.bench.report.Result;
import io.mitogen.bench.work.Stand;
import io.mitogen.bench.work.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Runs workloads, each on a thread of its own with a deadline. One that fails does not keep the others from running, but
 * without Python if it was Python that did not answer. One thread.
 */
final class Suite {
    private static final int LIMIT_SECONDS = 900;
    private static final int GRACE_SECONDS = 30;
    private static final double NS_PER_S = 1e9;
    private static final String FORMAT = "%-26s %6.1f s%s";

    private final Stand stand;
    private final Standstills standstills;
    private final Consumer<String> progress;

    /** @param progress is told what runs, a line for each */
    Suite(Stand stand, Standstills standstills, Consumer<String> progress) {
        this.stand = stand;
        this.standstills = standstills;
        this.progress = progress;
    }

    /**
     * Runs them one after another and returns what they found, failures among them. One that failed while the program stood still
     * gets a second chance.
     *
     * @throws InterruptedException when interrupted; the workload that ran has ended then
     */
    List<Result> run(List<Workload> workloads) throws InterruptedException {
        List<Result> results = new ArrayList<>();
        for (Workload workload : workloads) {
            double lostBefore = standstills.lostSeconds();
            long startNs = System.nanoTime();
            Result result = run(workload);
            double lost = standstills.lostSeconds() - lostBefore;
            if (result.isFailure() && lost > 0) {
                result = run(workload);
                lost = standstills.lostSeconds() - lostBefore;
            }
            if (lost > 0) {
                String note = String.format(
                        Locale.ROOT,
                        "The program stood still for %.1f s meanwhile, as it does when its machine is paused or overloaded.",
                        lost);
                result = result.withNote(note);
            }
            results.add(result);
            double seconds = (System.nanoTime() - startNs) / NS_PER_S;
            progress.accept(String.format(Locale.ROOT, FORMAT, workload.key(), seconds, said(result, lost)));
        }
        return results;
    }

    private static String said(Result result, double lost) {
        String still = lost > 0 ? String.format(Locale.ROOT, "  stood still for %.1f s", lost) : "";
        return still + (result.isFailure() ? "  failed: " + result.failure() : "");
    }

    private Result run(Workload workload) throws InterruptedException {
        FutureTask<Result> task = new FutureTask<>(() -> workload.measure(stand));
        Thread thread = new Thread(task, "workload." + workload.key());
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return failed(workload, reason(e.getCause()));
        } catch (TimeoutException e) {
            stop(thread);
            return failed(workload, "it took longer than " + LIMIT_SECONDS + " s");
        } catch (InterruptedException e) {
            stop(thread);
            throw e;
        }
    }

    private static void stop(Thread thread) throws InterruptedException {
        thread.interrupt();
        thread.join(TimeUnit.SECONDS.toMillis(GRACE_SECONDS));
    }

    private static Result failed(Workload workload, String reason) {
        return Result.failed(workload.key(), workload.title(), reason);
    }

    private static String reason(Throwable failure) {
        StringBuilder reason = new StringBuilder();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            reason.append(reason.isEmpty() ? "" : "; because of ").append(cause);
        }
        return reason.toString();
    }
}
