// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.load.ClassImage;
import io.mitogen.core.load.ImageListener;
import io.mitogen.parent.Bundle;
import java.util.List;

/**
 * The classes and resources of this program, and what of this library every context needs, for a process that is no master but
 * has to serve contexts in place of one. For the library's own modules. Any thread but a broker's, because it reads files.
 */
public final class ProgramClasses {
    private final ClassFinder finder = new ClassFinder();
    private final ClassResponder responder;

    /** Serves the class path, and what the callers' loaders have, in messages of any length. */
    public ProgramClasses() {
        this(Integer.MAX_VALUE);
    }

    /** As the other, in messages of at most {@code maxMessageBytes}. */
    public ProgramClasses(int maxMessageBytes) {
        responder = new ClassResponder(finder, ImportPolicy.ALLOW_ALL, maxMessageBytes);
        finder.add(Bundle.LIST, ShippedLibrary::parentClasses);
        finder.add(ShippedLibrary.REST_PATH, ShippedLibrary::coreRest);
    }

    /**
     * Returns the body of the message that carries {@code image}. If it would have more than {@code maxBytes}, the related
     * paths are left out, which only spare relays a request; if that is not enough, a resource is asked for in parts, and of a class
     * it says that it is too large.
     */
    public static byte[] bodyOf(ClassImage image, int maxBytes) {
        byte[] body = image.encode();
        if (body.length > maxBytes && !image.related().isEmpty()) {
            body = image.withRelated(List.of()).encode();
        }
        if (body.length > maxBytes && !image.isMissing() && !ClassImage.isClass(image.path())) {
            int copies = image.copies().size();
            body = ImageStore.inParts(image.path(), image.origin(), copies).encode();
        }
        if (body.length > maxBytes) {
            String reason = "it takes " + body.length + " bytes, and a message may have " + maxBytes
                    + ". The option maxMessageBytes of the master's RouterOptions sets that limit";
            body = ClassImage.missing(image.path(), reason).encode();
        }
        return body;
    }

    /**
     * Returns the part of the core that every child needs, as a pack; all of it where no message may have the rest. Shared, do not
     * change it.
     */
    public byte[] corePayload(int maxMessageBytes) {
        return maxMessageBytes < RouterOptions.MIN_MESSAGE_BYTES
                ? ShippedLibrary.wholeCore()
                : ShippedLibrary.corePayload();
    }

    /**
     * Answers a request: calls {@code out} with related classes that did not go down this stream yet, and last with what was
     * asked for, negative if there is none.
     *
     * @param stream identifies who asked; the requests of one, one at a time
     */
    public void serve(String path, Object stream, ImageListener out) {
        responder.serve(
                path,
                stream,
                image -> out.onImage(
                        image.isMissing() && image.reason().equals(ImageStore.NOT_HERE)
                                ? ClassImage.missing(
                                        image.path(),
                                        "the class path of this JVM lacks it, and a Python master has no classes")
                                : image));
    }
}
