// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MixtureTest {
    private static final String ASKED = "/j17.1/META-INF/mitogen/versions/j17/com.acme.Jobs";

    @Test
    void shouldAskAgainWhenTheAnswerCameBroken() {
        ScriptedUpstream upstream = new ScriptedUpstream();
        Mixture mixture = new Mixture(upstream.importer, Set.of("com/acme/Facts.class"));
        upstream.answer(ClassImage.found(ASKED, "test", new byte[] {1, 2, 3}, List.of()));
        assertThrows(CorruptImageException.class, () -> mixture.check("/j17.1/", "com.acme.Jobs"));

        upstream.answer(ScriptedUpstream.resource(ASKED));
        mixture.check("/j17.1/", "com.acme.Jobs");

        assertEquals(List.of(ASKED, ASKED), upstream.requests);
    }
}
