// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.load.ClassImage;
import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Tells a context that has classes of several class loaders which of them keep a function of one of these from running there. Any
 * thread; reads files.
 */
final class VersionCheck {
    /*
     * What is compared: the class that is called, what it names, what that names, and so on, as its own loader has them, with
     * what the other loaders have, or had when a context first got it, at the same paths. What both inherit from
     * a common parent is the same, and so is what that names. The context knows which of all these it has.
     */
    /** Where contexts ask: behind it follow the askers whose classes they have, each with a comma, and the class after a slash. */
    static final String FOLDER = "META-INF/mitogen/versions/";

    private static final int MAX_CLASSES = 2_000;
    private static final int MAX_OTHERS = 17; // one more than a context names

    private final Function<Asker, ImageStore> stores;

    /** @param stores returns what an asker may have; null for one that is not known */
    VersionCheck(Function<Asker, ImageStore> stores) {
        this.stores = stores;
    }

    /**
     * Returns the image whose copies are, in turns, the name under which a context may have got a class, and the reason why it cannot
     * run the function if it did.
     */
    ClassImage answer(String name, String question, Asker asker) throws IOException {
        int slash = question.indexOf('/');
        String className = question.substring(slash + 1);
        List<byte[]> copies = new ArrayList<>();
        for (String text : question.substring(0, Math.max(0, slash)).split(",", MAX_OTHERS)) {
            Asker other = Asker.parse(text);
            ImageStore others = other == null || other.equals(asker) ? null : stores.apply(other);
            if (others != null) {
                compare(className, stores.apply(asker), others, other, copies);
            }
        }
        return ClassImage.found(name, "the master", ImageStore.deflate(ImageStore.join(copies)), List.of());
    }

    private static void compare(String className, ImageStore own, ImageStore others, Asker other, List<byte[]> copies)
            throws IOException {
        Set<String> seen = new HashSet<>();
        ArrayDeque<String> open = new ArrayDeque<>(List.of(ClassImage.pathOf(className)));
        while (!open.isEmpty() && seen.size() < MAX_CLASSES) {
            String path = open.remove();
            if (!ClassImage.isClass(path) || ImageStore.isOwn(path) || !seen.add(path) || isShared(path, own, others)) {
                continue;
            }
            ImageStore.Version here = own.version(path);
            ImageStore.Version there = others.version(path);
            if (here != null && there != null && here.checksum() != there.checksum()) {
                copies.add(other.nameOf(path).getBytes(StandardCharsets.UTF_8));
                copies.add(
                        reason(className, ClassImage.nameOf(path), here, there).getBytes(StandardCharsets.UTF_8));
            }
            own.imageAt(path).ifPresent(stored -> open.addAll(stored.references()));
        }
    }

    /** Tells whether both find the class in one place, which one of them has from a parent. */
    private static boolean isShared(String path, ImageStore own, ImageStore others) {
        return isSame(own.inherited(path), others.locate(path)) || isSame(own.locate(path), others.inherited(path));
    }

    private static boolean isSame(Optional<URL> one, Optional<URL> other) {
        return one.isPresent()
                && other.isPresent()
                && one.get().toExternalForm().equals(other.get().toExternalForm());
    }

    private static String reason(String called, String className, ImageStore.Version wanted, ImageStore.Version had) {
        String what = called.equals(className) ? "it is wanted" : "it needs " + className;
        return what + " as it is in " + wanted.place() + " (checksum " + Long.toHexString(wanted.checksum())
                + "), and this context has that of " + had.place() + " (" + Long.toHexString(had.checksum())
                + "): a context keeps the first version of a class, so start a new one for the other";
    }
}
