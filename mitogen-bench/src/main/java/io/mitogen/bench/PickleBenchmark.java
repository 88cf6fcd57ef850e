// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench;

import io.mitogen.core.pickle.Globals;
import io.mitogen.core.pickle.PickleReader;
import io.mitogen.core.pickle.PickleWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** How long does it take to write and to read values? */
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
public class PickleBenchmark {
    /** Entries of the list. */
    @Param({"1", "1000"})
    public int entries;

    private List<Object> value;
    private byte[] pickle;

    /** Makes a list of small dicts. */
    @Setup
    public void make() {
        value = new ArrayList<>();
        for (int i = 0; i < entries; i++) {
            Map<String, Object> entry = new HashMap<>();
            entry.put("name", "file" + i);
            entry.put("size", i * 1000L);
            entry.put("data", new byte[] {1, 2, 3});
            value.add(entry);
        }
        pickle = PickleWriter.toBytes(value);
    }

    /** Writes. */
    @Benchmark
    public byte[] write() {
        return PickleWriter.toBytes(value);
    }

    /** Reads. */
    @Benchmark
    public Object read() {
        return PickleReader.fromBytes(pickle, Globals.NONE);
    }
}
