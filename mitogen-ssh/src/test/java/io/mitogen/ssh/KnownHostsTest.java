// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fingerprints of keys that are known. */
class KnownHostsTest {
    private static final String KEY = "AAAAC3NzaC1lZDI1NTE5AAAAILYMD75CwcKOzGx5nRDUU6WNycSL2CpvHZdiJr+D1+c9";
    private static final String FINGERPRINT = "SHA256:Zif+S2iDg1S6q99UdrtlwZAzJPdhbAambnKukSTXpwQ";

    @TempDir
    Path folder;

    private String fingerprint(int line, String... lines) throws IOException {
        Path file = Files.writeString(folder.resolve("known hosts"), String.join("\n", lines) + "\n");
        return KnownHosts.fingerprint(file.toString(), line);
    }

    @Test
    void shouldFindTheKeyOfALine() throws IOException {
        assertEquals(FINGERPRINT, fingerprint(1, "web1 ssh-ed25519 " + KEY));
        assertEquals(FINGERPRINT, fingerprint(3, "# names", "", "|1|salt=|hash= ssh-ed25519 " + KEY + " a comment"));
        assertEquals(FINGERPRINT, fingerprint(1, "@cert-authority *.example ssh-ed25519 " + KEY));
    }

    @Test
    void shouldFindNothingWhereThereIsNoKey() throws IOException {
        assertEquals("", fingerprint(1, "web1 ssh-ed25519"));
        assertEquals("", fingerprint(1, "web1 ssh-ed25519 no/base64!"));
        assertEquals("", fingerprint(9, "web1 ssh-ed25519 " + KEY));
        assertEquals("", KnownHosts.fingerprint(folder.resolve("absent").toString(), 1));
    }
}
