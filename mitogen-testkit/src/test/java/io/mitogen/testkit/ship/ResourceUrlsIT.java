// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.ship;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.acme.urls.UrlActs;
import io.mitogen.connect.InProcess;
import io.mitogen.connect.Local;
import io.mitogen.core.call.Context;
import io.mitogen.master.Mitogen;
import io.mitogen.master.RouterOptions;
import java.io.RandomAccessFile;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** URLs of resources in real contexts, as libraries use them. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ResourceUrlsIT {
    private static final long LARGE = 90L << 20;

    @Test
    void shouldLetSchemasAndStyleSheetsIncludeOthers() throws Exception {
        Mitogen.run(router -> {
            Context near = router.local();
            for (Context each : List.of(near, router.connect(Local.create().via(near)))) {
                assertEquals("order of item 7", each.call(UrlActs::includeXml));
            }
        });
    }

    @Test
    void shouldOpenUrlsOfTextThoughTheProgramSetsItsOwnFactory() throws Exception {
        long length = UrlActs.length(UrlActs.class.getResource("order.xsd").toString());
        Mitogen.run(router ->
                assertEquals(List.of(length, length, length), router.local().call(UrlActs::readByText)));
    }

    @Test
    void shouldAnswerEachOfTheContextsInOneProcess() throws Exception {
        long length = UrlActs.length(UrlActs.class.getResource("order.xsd").toString());
        Mitogen.run(router -> {
            List<Context> both = List.of(router.connect(InProcess.create()), router.connect(InProcess.create()));
            for (Context each : both) {
                assertEquals(List.of(length, length), each.call(UrlActs::lengths, "com/acme/urls/order.xsd"));
            }
        });
    }

    @Test
    void shouldFindTheFilesBelowAPackageByTheTextOfTheirUrls() throws Exception {
        Mitogen.run(router -> {
            List<String> found = router.local().call(UrlActs::scan);
            assertTrue(
                    found.containsAll(List.of("UrlActs.class true", "order.xsd true", "parts/item.xsl true")),
                    found.toString());
        });
    }

    @Test
    void shouldReadALargeResourceThroughARelayInSmallMessages(@TempDir Path folder) throws Exception {
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve("large.bin").toFile(), "rw")) {
            file.setLength(LARGE);
        }
        try (URLClassLoader large = new URLClassLoader(new URL[] {folder.toUri().toURL()}, null)) {
            Mitogen.run(RouterOptions.DEFAULT.withMaxMessageBytes(1 << 20), router -> {
                router.classes().add(large);
                Context near = router.connect(Local.create().jvmOptions("-Xmx48m"));
                Context far =
                        router.connect(Local.create().jvmOptions("-Xmx48m").via(near));
                assertEquals(List.of(LARGE, LARGE), far.call(UrlActs::lengths, "large.bin"));
            });
        }
    }
}
