// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

/** Prints what contexts would get, one line an image, from a process of its own. */
public final class FinderProbe {
    private FinderProbe() {}

    /** Serves each path in {@code args}. */
    public static void main(String[] args) {
        ClassResponder responder = new ClassResponder(new ClassFinder(), ImportPolicy.ALLOW_ALL);
        for (String path : args) {
            responder.serve(
                    path,
                    "stream",
                    image -> System.out.println(
                            image.path() + (image.isMissing() ? " missing: " + image.reason() : " found")));
        }
    }
}
