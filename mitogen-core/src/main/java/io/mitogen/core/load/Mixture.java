// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.load;

import io.mitogen.core.MitogenException.Blame;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Refuses calls that would use a class of which this context has another version, from another class loader of the master. One thread. */
final class Mixture {
    /** Sources that are compared; a context that has classes of more leaves out the first in order. */
    private static final int MAX_OTHERS = 16;

    private final Importer importer;
    private final Set<String> defined; // names of images
    private final Set<String> passed = new HashSet<String>(); // what may be called, as long as no class is added
    private int classes;

    Mixture(Importer importer, Set<String> defined) {
        this.importer = importer;
        this.defined = defined;
    }

    /**
     * Throws when a function of {@code className} cannot run here.
     *
     * @param prefix what stands in front of the names of the classes that it is to run with
     */
    void check(String prefix, String className) {
        if (classes != defined.size()) {
            classes = defined.size();
            passed.clear();
        }
        if (!passed.contains(prefix + className)) {
            String others = others(prefix);
            if (!others.isEmpty()) {
                compare(importer.await(prefix + "META-INF/mitogen/versions/" + others + "/" + className), className);
            }
            passed.add(prefix + className);
        }
    }

    /** Returns the other sources of classes that are defined here, as releases and worlds: {@code j25,j25.3}. */
    private String others(String prefix) {
        TreeSet<String> others = new TreeSet<String>();
        for (String name : defined) {
            if (!name.startsWith("io/mitogen/")) {
                others.add(source(name));
            }
        }
        others.remove(source(prefix));
        while (others.size() > MAX_OTHERS) {
            others.pollFirst();
        }
        return String.join(",", others);
    }

    private static String source(String name) {
        return name.startsWith("/") ? name.substring(1, name.indexOf('/', 1)) : "j17";
    }

    private void compare(ClassImage versions, String className) {
        String path = ClassImage.pathOf(className);
        if (versions.isMissing()) {
            throw new ClassRefusedException(Blame.CALLER, path, versions.reason(), null);
        }
        List<byte[]> copies = importer.copiesIn(versions);
        for (int i = 1; i < copies.size(); i += 2) {
            if (defined.contains(new String(copies.get(i - 1), StandardCharsets.UTF_8))) {
                String reason = new String(copies.get(i), StandardCharsets.UTF_8);
                throw new ClassRefusedException(Blame.CALLER, path, reason, null);
            }
        }
    }
}
