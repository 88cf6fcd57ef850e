// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.io.InputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class ConstantPoolProperties {
    @Property
    void shouldReadAnyBytesWithoutFailing(@ForAll byte[] garbage) {
        assertNotNull(ConstantPool.of(garbage).references());
    }

    @Property
    void shouldReadAClassFileWithAnyByteBrokenWithoutFailing(@ForAll int at, @ForAll byte wrong) throws IOException {
        byte[] bytes;
        try (InputStream in = ConstantPool.class.getResourceAsStream("ConstantPool.class")) {
            bytes = in.readAllBytes();
        }
        bytes[Math.floorMod(at, bytes.length)] = wrong;
        assertNotNull(ConstantPool.of(bytes).references());
    }
}
