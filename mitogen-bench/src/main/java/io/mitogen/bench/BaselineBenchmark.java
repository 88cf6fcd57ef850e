// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** How long does a byte take to another process and back, without this library: the floor under every call. */
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
public class BaselineBenchmark {
    private Process process;
    private OutputStream out;
    private InputStream in;

    /** Starts a process that sends back what it gets. */
    @Setup
    public void start() throws IOException {
        process = new ProcessBuilder("cat").start();
        out = process.getOutputStream();
        in = process.getInputStream();
    }

    /** Ends it. */
    @TearDown
    public void end() throws IOException {
        out.close();
        process.destroy();
    }

    /** One byte there and back. */
    @Benchmark
    public int pingPong() throws IOException {
        out.write(1);
        out.flush();
        return in.read();
    }
}
