// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench;

import io.mitogen.core.pickle.Globals;
import io.mitogen.core.pickle.PickleReader;
import io.mitogen.core.pickle.PickleWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
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

/** How long does it take to write and to read values, small and large, and how long does Java's own serialisation take for them? */
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
public class PickleBenchmark {
    private static final int MANY = 1000;
    private static final int MIB = 1024 * 1024;

    /** Kind of the value: a number, a dict of three entries, a list of a thousand such, an array of a mebibyte. */
    @Param({"number", "dict", "dicts", "bytes"})
    private String kind;

    private Object value;
    private byte[] pickle;
    private byte[] serialised;

    /** Makes the value. */
    @Setup
    public void make() throws IOException {
        value = value();
        pickle = PickleWriter.toBytes(value);
        serialised = serialise();
    }

    private Object value() {
        switch (kind) {
            case "number":
                return 123_456;
            case "dict":
                return dict(1);
            case "dicts":
                List<Object> dicts = new ArrayList<>();
                for (int i = 0; i < MANY; i++) {
                    dicts.add(dict(i));
                }
                return dicts;
            case "bytes":
                return new byte[MIB];
            default:
                throw new IllegalArgumentException("no value of the kind " + kind);
        }
    }

    private static Map<String, Object> dict(int number) {
        Map<String, Object> dict = new HashMap<>();
        dict.put("name", "file" + number);
        dict.put("size", number * 1000L);
        dict.put("data", new byte[] {1, 2, 3});
        return dict;
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

    /** Writes with the JDK. */
    @Benchmark
    public byte[] serialise() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        }
        return bytes.toByteArray();
    }

    /** Reads with the JDK. */
    @Benchmark
    public Object deserialise() throws IOException, ClassNotFoundException {
        return new ObjectInputStream(new ByteArrayInputStream(serialised)).readObject();
    }
}
