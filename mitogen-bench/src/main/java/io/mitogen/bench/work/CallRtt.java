// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.work;

import io.mitogen.bench.report.Bound;
import io.mitogen.bench.report.Figure;
import io.mitogen.bench.report.Result;
import io.mitogen.bench.shipped.Calls;
import io.mitogen.bench.side.BarePipe;
import io.mitogen.bench.side.Cores;
import io.mitogen.core.call.Context;
import io.mitogen.master.Mitogen;
import java.util.List;

/** An empty call to a context on this machine, one at a time, from calling to having the result. Thread of the suite. */
public final class CallRtt implements Workload {
    @Override
    public String key() {
        return "call_rtt";
    }

    @Override
    public String title() {
        return "Empty call, one at a time, one hop";
    }

    @Override
    public Result measure(Stand stand) throws Exception {
        int rounds = stand.effort().of(1, 4, 8);
        int calls = stand.effort().of(20, 2_000, 10_000);
        int firstCalls = stand.effort().of(20, 20_000, 40_000); // compiled code needs so many on both ends
        Figure rtt = Figure.latency("one at a time", "us");
        Figure apart = Figure.latency("on two cores", "us");
        Figure together = Figure.latency("on one core", "us");
        boolean areTwo;
        try (BarePipe pipe = new BarePipe();
                Cores cores = new Cores()) {
            areTwo = cores.areTwo();
            Mitogen.run(router -> {
                Context context = router.local();
                for (int round = 0; round < rounds; round++) {
                    int warm = round == 0 ? firstCalls : calls / 4;
                    Timing.call(context, warm, calls, rtt.ours());
                    stand.python(rtt.python(), "call", 1, warm, calls);
                    pipe.pingPong(warm, calls, rtt.limit());
                }
                if (areTwo) {
                    cores.alternate(List.of(context.call(Calls::pid)));
                    cores.alternate(List.of(pipe.pid()));
                    for (int round = 0; round < rounds; round++) {
                        Timing.call(context, calls / 4, calls, apart.ours());
                        pipe.pingPong(calls / 4, calls, apart.limit());
                    }
                    cores.together(List.of(context.call(Calls::pid), pipe.pid()));
                    Timing.call(context, calls / 4, calls, together.ours());
                    pipe.pingPong(calls / 4, calls, together.limit());
                }
            });
        }
        stand.endPython();
        Result.Builder result = Result.of(key(), title()).figure(rtt);
        if (areTwo) {
            result.figure(apart).figure(together);
        }
        return result.atMost("call / pipe ping-pong", (areTwo ? apart : rtt).toLimit(), 2.0, 1.3)
                .atLeast(Bound.atMost("call / Python's", rtt.toPython(), 0.25))
                .note("The pipe's messages have " + BarePipe.MESSAGE_BYTES
                        + " bytes, about the frame of such a call. Where the system runs"
                        + " two processes that wait for each other, on one core or on two, is luck and changes a pipe by a"
                        + " factor of eight; so, where there are two cores, the second row has each of the two on one of its own,"
                        + " and the pipe is the limit there.")
                .build();
    }
}
