// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

import io.mitogen.core.load.ClassImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * What Python contexts want, as it travels between two JVM contexts: as an image like that of a class, which every context on
 * the way keeps and passes on without knowing what it is. Any thread.
 */
final class PythonImage {
    /*
     *     path                          content
     *     python:NAME                   the body of LOAD_MODULE for the module NAME
     *     python:PACKAGE/FILE           the body of LOAD_RESOURCE for a file beside the modules of PACKAGE
     *
     * Names of modules have no slash, and no class or resource of the JVM is asked for with a colon. The related paths are
     * those of the related modules.
     */
    private static final String PREFIX = "python:";

    private PythonImage() {}

    /** Tells whether {@code path} is that of such an image. */
    static boolean isPath(String path) {
        return path.startsWith(PREFIX);
    }

    static String pathOf(String module) {
        return PREFIX + module;
    }

    static String pathOf(LoadResource resource) {
        return PREFIX + resource.packageName() + "/" + resource.fileName();
    }

    /** Tells whether {@code path} is that of a resource, and not of a module. */
    static boolean isResource(String path) {
        return path.indexOf('/') >= 0;
    }

    /** Returns the name of the module with that path. */
    static String moduleOf(String path) {
        return path.substring(PREFIX.length());
    }

    /** Returns the resource with that path. */
    static LoadResource resourceOf(String path) {
        int slash = path.indexOf('/');
        return new LoadResource(path.substring(PREFIX.length(), slash), path.substring(slash + 1));
    }

    /**
     * Returns the image at {@code path} whose content is {@code body}.
     *
     * @param related names of related modules
     */
    static ClassImage of(String path, String origin, byte[] body, List<String> related) {
        List<String> paths = new ArrayList<>();
        for (String each : related) {
            paths.add(pathOf(each));
        }
        // The body is deflated already. An image must be zlib, but that form has blocks that are merely stored.
        return ClassImage.found(path, origin, zlib(body, Deflater.NO_COMPRESSION), paths);
    }

    /** Returns {@code content} in zlib's form, as every data of LOAD_MODULE is. */
    static byte[] zlib(byte[] content, int level) {
        Deflater deflater = new Deflater(level);
        ByteArrayOutputStream deflated = new ByteArrayOutputStream(content.length / 2 + 64);
        try (DeflaterOutputStream out = new DeflaterOutputStream(deflated, deflater)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            deflater.end();
        }
        return deflated.toByteArray();
    }
}
