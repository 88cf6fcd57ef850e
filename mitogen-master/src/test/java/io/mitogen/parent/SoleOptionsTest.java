// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SoleOptionsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=5005",
                "-agentlib:jdwp=transport=dt_socket,server=y,address=*:0",
                "-Xrunjdwp:transport=dt_socket,server=y,address=5005",
                "-agentpath:/opt/jdk/lib/libjdwp.so=transport=dt_socket,server=y,address=5005",
                "-agentpath:C:\\jdk\\bin\\jdwp.dll=transport=dt_socket,server=y,address=5005",
                "-Dcom.ibm.management.port=9012",
                "-Dcom.sun.management.jmxremote.port=9010",
                "-Dcom.sun.management.jmxremote.rmi.port=9011",
                "-javaagent:/opt/jmx_prometheus_javaagent.jar=9404:/etc/rules.yaml",
                "-javaagent:/opt/jmx_prometheus_javaagent.jar=localhost:9404:/etc/rules.yaml",
                "-javaagent:/opt/jmx_prometheus_javaagent.jar=[::1]:9404:/etc/rules.yaml",
                "-javaagent:/opt/jolokia.jar=port=8778,host=localhost",
                "-javaagent:/opt/jacoco.jar=output=tcpserver",
                "-agentpath:/opt/libjprofilerti.so=port=8849,nowait",
                "-agentpath:/opt/libyjpagent.so=disablealloc,listen=all,PORT=10001",
                "-Xlog:gc*:file=/var/log/gc.log:time",
                "-Xlog:gc:gc.log",
                "-Xloggc:/var/log/gc.log",
                "-XX:LogFile=/var/log/vm.log",
                "-XX:StartFlightRecording=filename=/var/log/rec.jfr,dumponexit=true",
                "-XX:StartFlightRecording:disk=true,filename=rec.jfr",
                "-XX:ArchiveClassesAtExit=/tmp/app.jsa",
                "-XX:AOTCacheOutput=app.aot",
                "-XX:AOTMode=record",
                "-XX:AOTConfiguration=app.aotconf",
                "-Xverbosegclog:/var/log/gc.xml",
            })
    void shouldNotBeInheritedWhenOnlyOneJvmCanHoldIt(String option) {
        assertEquals(List.of(option), SoleOptions.in("-Xmx1g " + option + "  -ea"));
        assertEquals("-Xmx1g -ea", inherited("-Xmx1g " + option + "  -ea"));
        assertEquals(null, inherited(" " + option + " "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-Xmx512m",
                "-Dserver.port=8080",
                "-Dcom.sun.management.jmxremote",
                "-Dcom.sun.management.jmxremote.port=0",
                "-javaagent:/opt/jacoco.jar=destfile=jacoco.exec,append=true",
                "-javaagent:/opt/jacoco.jar=output=tcpclient,address=ci,port=6300",
                "-javaagent:/opt/otel.jar",
                "-agentlib:hprof=cpu=samples",
                "-agentpath:/opt/libasyncProfiler.so=start,event=cpu",
                "-XX:AOTMode=auto",
                "-Xlog:gc*:stderr",
                "-Xlog:gc*:stdout:time",
                "-Xlog:gc*",
                "-Xlog:gc::uptime",
                "-Xlog:gc:file=/var/log/gc-%p.log",
                "-XX:StartFlightRecording=duration=60s",
                "-XX:StartFlightRecording=filename=rec-%p.jfr",
                "-XX:HeapDumpPath=/var/dumps",
                "-XX:+HeapDumpOnOutOfMemoryError",
                "-XX:SharedArchiveFile=/tmp/app.jsa",
            })
    void shouldBeInheritedWhenManyCanHaveIt(String option) {
        assertEquals(List.of(), SoleOptions.in(option));
        assertEquals(" " + option, inherited(" " + option));
    }

    private static String inherited(String options) {
        Map<String, String> environment = new HashMap<>(Map.of("JAVA_TOOL_OPTIONS", options, "JAVA_HOME", options));
        SoleOptions.removeFrom(environment);
        assertEquals(options, environment.get("JAVA_HOME"));
        return environment.get("JAVA_TOOL_OPTIONS");
    }

    @Test
    void shouldKeepTheQuotesOfTheOthers() {
        Map<String, String> environment = new HashMap<>();
        environment.put("JDK_JAVA_OPTIONS", "-Da='b  c' \"-Xlog:gc:file=/var/my logs/gc.log\"\t-Dd=\"e 'f\"");
        SoleOptions.removeFrom(environment);
        assertEquals("-Da='b  c' -Dd=\"e 'f\"", environment.get("JDK_JAVA_OPTIONS"));
    }
}
