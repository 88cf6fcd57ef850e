// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.load.ClassImage;
import io.mitogen.core.load.Importer;
import io.mitogen.core.route.Registration;
import io.mitogen.core.testing.LinkedRouters;
import io.mitogen.core.testing.QuietLogExtension;
import io.mitogen.core.wire.Handles;
import io.mitogen.core.wire.Message;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(30)
class ModuleLinkTest {
    @RegisterExtension
    private final QuietLogExtension log = new QuietLogExtension();

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private LinkedRouters tree;
    private LinkedRouters.Node child;

    /** Makes a parent that answers each name once, as a Python context does: that there is nothing. */
    @BeforeEach
    void build() {
        tree = new LinkedRouters(log.sink());
        child = tree.child(1);
        tree.master()
                .router()
                .addHandler(Registration.of((message, from) -> {
                            String name = message.text();
                            if (!message.isDead() && !asked.contains(name)) {
                                asked.add(name);
                                byte[] none = ClassImage.missing(name, "none").encode();
                                tree.master().router().send(Message.to(1, Handles.LOAD_MODULE, 0, none));
                            }
                        })
                        .on(Handles.GET_MODULE));
    }

    @AfterEach
    void close() {
        tree.close();
    }

    private static void find(Importer importer, String... paths) {
        for (String path : paths) {
            ClassImage image = importer.find(path);
            assertEquals(path, image.path());
            assertTrue(image.isMissing());
        }
    }

    @Test
    void shouldAskAJvmForPaths() {
        find(new ModuleLink(child.router(), false, 17).importer(), "a/b", "logback.xml", "A.class");
        assertEquals(List.of("a/b", "logback.xml", "A.class"), asked);
    }

    @Test
    void shouldAskAPythonContextForNoNameTwiceAndForNoneThatCanBeAModule() {
        Importer importer = new ModuleLink(child.router(), true, 17).importer();
        find(importer, "a/b", "logback.xml", "A.class", "logback");
        for (int i = 0; importer.cached("logback") != null; i++) {
            importer.onImage(ClassImage.missing("forgotten/" + i, "none"));
        }

        find(importer, "a/b", "logback.xml", "A.class");

        assertEquals(
                List.of("a/b", "/0/logback.xml", "A.class", "/1/logback", "/2/a/b", "/3/logback.xml", "/4/A.class"),
                asked);
    }

    @Test
    void shouldAskForNothingThatBeginsWithASlash() {
        find(new ModuleLink(child.router(), true, 17).importer(), "/a", "/0/a");
        assertEquals(List.of(), asked);
    }
}
