// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mitogen.core.concurrent.Lane;
import io.mitogen.core.load.ClassImage;
import io.mitogen.core.load.TestCompiler;
import io.mitogen.core.route.Registration;
import io.mitogen.core.route.Router;
import io.mitogen.core.testing.Eventually;
import io.mitogen.core.testing.LinkedRouters;
import io.mitogen.core.testing.QuietLogExtension;
import io.mitogen.core.wire.Handles;
import io.mitogen.core.wire.Message;
import io.mitogen.core.wire.MessageTap;
import io.mitogen.python.PythonModuleService;
import io.mitogen.python.ResourceForm;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A master with a JVM context (1) that asks for a class, which names many that are not there. */
final class ModuleServiceTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final int MAX_MESSAGE_BYTES = 4_000;
    private static final String NAMER = "r/Namer.class";

    @RegisterExtension
    final QuietLogExtension log = new QuietLogExtension();

    @TempDir
    Path folder;

    private final List<ClassImage> images = Collections.synchronizedList(new ArrayList<>());
    private LinkedRouters tree;
    private LinkedRouters.Node jvm;
    private URLClassLoader program;

    @BeforeEach
    void build() throws IOException {
        StringBuilder texts = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            texts.append("\"some.library.that.is.not.there.Class").append(i).append("\",");
        }
        TestCompiler.write(folder, "r/Namer.java", "package r; class Namer { String[] names = {" + texts + "}; }");
        TestCompiler.compile(folder, folder);
        program = new URLClassLoader(new URL[] {folder.toUri().toURL()});
        tree = new LinkedRouters(log.sink(), new Router.Settings(MAX_MESSAGE_BYTES, false));
        jvm = tree.child(1);
        jvm.router()
                .addHandler(Registration.of((message, from) -> {
                            if (!message.isDead()) {
                                images.add(ClassImage.decode(message.body()));
                            }
                        })
                        .on(Handles.LOAD_MODULE));
        ClassFinder finder = new ClassFinder();
        finder.add(program);
        Router router = tree.master().router();
        new ModuleService(
                router,
                new ClassResponder(finder, ImportPolicy.ALLOW_ALL),
                new Lane(Runnable::run),
                new PythonModuleService(
                        router, Runnable::run, link -> false, () -> ResourceForm.TWO_PICKLES, () -> null));
    }

    @AfterEach
    void close() throws IOException {
        tree.close();
        program.close();
    }

    private ClassImage askForNamer() {
        jvm.router().send(Message.text(0, Handles.GET_MODULE, NAMER));
        Eventually.until(SOON, () -> !images.isEmpty() && last().path().equals(NAMER));
        return last();
    }

    private ClassImage last() {
        return images.get(images.size() - 1);
    }

    @Test
    void shouldSendAClassWithoutTheNamesOfItsBundleWhenOnlyTheseMakeItTooLargeForAMessage() {
        assertEquals("", askForNamer().reason());
        assertEquals(List.of(), last().related());
    }

    @Test
    void shouldAnswerWhenTheAnswerCannotBeSent() {
        log.expect("could not send " + NAMER);
        AtomicBoolean failed = new AtomicBoolean();
        tree.master().router().tap(new MessageTap() {
            @Override
            public void onReceived(String stream, Object frame) {}

            @Override
            public void onSent(String stream, Object frame) {
                if (failed.compareAndSet(false, true)) {
                    throw new OutOfMemoryError("no memory for it");
                }
            }
        });

        assertEquals(
                "the master could not send it: java.lang.OutOfMemoryError: no memory for it",
                askForNamer().reason());
    }
}
