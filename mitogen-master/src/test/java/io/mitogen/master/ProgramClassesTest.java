// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.acme.plugins.Looker;
import io.mitogen.core.load.ClassImage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgramClassesTest {
    private static final String LOOKER = ClassImage.pathOf(Looker.class.getName());
    private static final String SERVICES = "META-INF/services/" + Looker.Plugin.class.getName();

    private final List<ClassImage> images = new ArrayList<>();

    @Test
    void shouldSayOfEachFileThatIsNotThereWhichOneItIs() {
        new ProgramClasses().serve(LOOKER, "stream", images::add);

        assertEquals(
                List.of(SERVICES),
                images.stream()
                        .filter(ClassImage::isMissing)
                        .map(ClassImage::path)
                        .toList());
        ClassImage last = images.get(images.size() - 1);
        assertEquals(LOOKER, last.path());
        assertFalse(last.isMissing(), last.reason());
    }

    @Test
    void shouldSayWhoLacksAClass() {
        new ProgramClasses().serve("com/acme/Absent.class", "stream", images::add);

        assertEquals(1, images.size());
        assertEquals("com/acme/Absent.class", images.get(0).path());
        assertEquals(
                "the class path of this JVM lacks it, and a Python master has no classes",
                images.get(0).reason());
    }
}
