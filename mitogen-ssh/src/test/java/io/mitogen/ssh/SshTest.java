// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mitogen.core.pickle.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The method as a value. */
class SshTest {
    @Test
    void shouldNameAllClassesThatAContextNeedsToConnectAnother() throws Exception {
        Path classes = Path.of(
                Ssh.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Set<String> present = new TreeSet<>();
        try (Stream<Path> files = Files.list(classes.resolve("io/mitogen/ssh"))) {
            files.map(file -> file.getFileName().toString().replace(".class", ""))
                    .filter(name -> !name.equals("package-info"))
                    .forEach(present::add);
        }
        Set<String> named = new TreeSet<>(Set.of("Ssh"));
        Ssh.to("web1").parts().forEach(part -> named.add(part.getName().replace("io.mitogen.ssh.", "")));
        assertEquals(present, named);
    }

    @Test
    void shouldComeOutOfItsOptionsAsItWas() {
        Ssh ssh = Ssh.to("web1")
                .user("ops")
                .port(2222)
                .path("/opt/ssh")
                .identity("~/key", Secret.of("phrase"))
                .identitiesOnly(false)
                .password(Secret.of("word"))
                .hostKeys(HostKeys.ACCEPT_NEW)
                .compression(true)
                .keepAlive(Duration.ofSeconds(20), 2)
                .debugLevel(1)
                .arguments("-4")
                .java("/opt/java")
                .connectTimeout(Duration.ofSeconds(7));
        assertEquals(ssh.options(), Ssh.fromOptions(ssh.options()).options());
        assertEquals(ssh.toString(), Ssh.fromOptions(ssh.options()).toString());
    }

    @Test
    void shouldNameItsContextAfterTheHost() {
        assertEquals("ssh.web1", Ssh.to("web1").defaultName(1));
        assertEquals("ssh.web1", Ssh.to("web1").port(22).defaultName(1));
        assertEquals("ssh.web1:2222", Ssh.to("web1").port(2222).user("ops").defaultName(1));
    }

    @Test
    void shouldPrintWhoConnectsWhere() {
        assertEquals("Ssh web1", Ssh.to("web1").toString());
        assertEquals("Ssh ops@web1:2222", Ssh.to("web1").port(2222).user("ops").toString());
    }
}
