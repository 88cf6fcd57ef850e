// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.docker;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The codes that change with time (RFC 6238) of the account that is asked for one. */
final class VerificationCode {
    /** What the file {@code code} of the image has in base32. */
    private static final byte[] KEY = HexFormat.of().parseHex("48656c6c6f21deadbeef");

    private static final int STEP_S = 30;
    private static final int MODULUS = 1_000_000; // six digits

    private VerificationCode() {}

    /** Returns the code of this moment; it is accepted for about a minute before and after. */
    static String at(Instant moment) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(KEY, "HmacSHA1"));
            long step = Math.floorDiv(moment.getEpochSecond(), STEP_S);
            ByteBuffer digest = ByteBuffer.wrap(
                    mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(step).array()));
            int offset = digest.get(digest.limit() - 1) & 0xf;
            int number = (digest.getInt(offset) & Integer.MAX_VALUE) % MODULUS;
            return String.format("%06d", number);
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JVM has HmacSHA1", e);
        }
    }
}
