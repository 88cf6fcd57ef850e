// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.suite;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/** Says what was measured where. Any thread. */
final class Machine {
    private static final double KIB_PER_GIB = 1 << 20;
    private static final String POM = "/META-INF/maven/io.mitogen/mitogen-master/pom.properties";
    private static final String UNKNOWN = "unknown";

    private Machine() {}

    /** Returns what tells this run from others, in the order in which people read it. */
    static Map<String, Object> describe(Options options, String python) throws IOException {
        Map<String, Object> machine = new LinkedHashMap<>();
        machine.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        machine.put("effort", options.effort().name().toLowerCase(Locale.ROOT));
        machine.put("revision", options.revision().isEmpty() ? null : options.revision());
        machine.put("processor", line("/proc/cpuinfo", "model name"));
        machine.put("cores", Runtime.getRuntime().availableProcessors());
        machine.put("memory_gib", memoryGib());
        machine.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        machine.put("jdk", System.getProperty("java.vendor") + " " + Runtime.version());
        machine.put("mitogen_for_the_jvm", version());
        machine.put("python", python);
        return machine;
    }

    private static double memoryGib() throws IOException {
        return Double.parseDouble(line("/proc/meminfo", "MemTotal").split(" ")[0]) / KIB_PER_GIB;
    }

    /** Returns the version that Maven wrote into the jar. */
    private static String version() throws IOException {
        try (InputStream in = Machine.class.getResourceAsStream(POM)) {
            Properties properties = new Properties();
            if (in != null) {
                properties.load(in);
            }
            return properties.getProperty("version", UNKNOWN);
        }
    }

    private static String line(String file, String name) throws IOException {
        for (String line : Files.readAllLines(Path.of(file))) {
            if (line.startsWith(name)) {
                return line.substring(line.indexOf(':') + 1).trim();
            }
        }
        return UNKNOWN;
    }
}
