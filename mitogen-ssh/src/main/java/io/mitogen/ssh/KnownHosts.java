// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.ssh;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** What a file of known host keys says, as sshd(8) describes it: {@code [@marker] names type base64 [comment]}. Any thread. */
final class KnownHosts {
    private KnownHosts() {}

    /** Returns the fingerprint of the key in that line, counted from 1, as ssh prints it; empty when there is none. */
    static String fingerprint(String file, int line) {
        try (BufferedReader lines = Files.newBufferedReader(Path.of(file), StandardCharsets.ISO_8859_1)) {
            for (int i = 1; i < line; i++) {
                lines.readLine();
            }
            String found = lines.readLine();
            String[] fields = found == null ? new String[0] : found.strip().split("\\s+");
            int names = fields.length > 0 && fields[0].startsWith("@") ? 1 : 0;
            return fields.length < names + 3
                    ? ""
                    : fingerprint(Base64.getDecoder().decode(fields[names + 2]));
        } catch (IOException | IllegalArgumentException expected) {
            return ""; // it only makes a message longer
        }
    }

    private static String fingerprint(byte[] key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key);
            return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
