// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class ClassImageProperties {
    @Property
    void shouldReadAnyImageItWrote(@ForAll String path, @ForAll byte[] content, @ForAll List<String> related) {
        ClassImage sent = ClassImage.found(path, path, ScriptedUpstream.deflate(content), related);

        ClassImage read = ClassImage.decode(sent.encode());

        assertEquals(path, read.path());
        assertEquals(related, read.related());
        assertArrayEquals(content, read.content());
    }

    @Property
    void shouldEndInAnImageOrTheOneErrorWhateverArrives(@ForAll byte[] garbage) {
        expectImageOrError(garbage);
    }

    @Property
    void shouldEndInAnImageOrTheOneErrorWhenAByteIsBroken(@ForAll byte[] content, @ForAll int at, @ForAll byte wrong) {
        byte[] payload = ScriptedUpstream.resource("com/acme/a.txt", content).encode();
        payload[Math.floorMod(at, payload.length)] = wrong;
        expectImageOrError(payload);
    }

    @Property
    void shouldRefuseEveryCutPayload(@ForAll byte[] content, @ForAll int at) {
        byte[] payload = ScriptedUpstream.resource("com/acme/a.txt", content).encode();
        byte[] cut = Arrays.copyOf(payload, Math.floorMod(at, payload.length));
        assertThrows(CorruptImageException.class, () -> ClassImage.decode(cut));
    }

    private static void expectImageOrError(byte[] payload) {
        try {
            ClassImage.decode(payload).copies();
        } catch (CorruptImageException expected) {
            // The one error: any other fails the property.
        }
    }
}
