// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * The names in a folder that contexts may see: one a line, sorted, in the form of the JDK. If the rules say so, all that is below
 * it, folders with a slash at their end. One thread at a time.
 */
final class Listing {
    private final FolderRules rules;
    private final String folder;
    private final Set<String> names = new TreeSet<>();
    private long length;

    /** @param folder its path, without a slash at the end */
    Listing(FolderRules rules, String folder) {
        this.rules = rules;
        this.folder = folder;
    }

    /** Returns a listing of the folder {@code entry} of {@code jar}, which contexts know as {@code folder}. */
    static Listing of(FolderRules rules, String folder, JarFile jar, String entry) throws IOException {
        Listing listing = new Listing(rules, folder);
        String head = entry.endsWith("/") ? entry : entry + "/";
        for (Iterator<JarEntry> each = jar.entries().asIterator(); each.hasNext(); ) {
            String name = each.next().getName();
            if (name.startsWith(head) && name.length() > head.length()) {
                listing.addAll(name.substring(head.length()));
            }
        }
        return listing;
    }

    /** Adds the first name of {@code path}, or if all are wanted each folder on it, and the file. */
    private void addAll(String path) throws IOException {
        int slash = path.indexOf('/');
        while (slash >= 0 && rules.extent().isDeep()) {
            add(path.substring(0, slash), true);
            slash = path.indexOf('/', slash + 1);
        }
        if (slash >= 0 || !path.endsWith("/")) {
            add(slash < 0 ? path : path.substring(0, slash), slash >= 0);
        }
    }

    /** Adds a name, or the names on a path below the folder, if contexts may see it. */
    void add(String name, boolean isFolder) throws IOException {
        if (rules.lists(folder + "/" + name, isFolder)
                && names.add(isFolder && rules.extent().isDeep() ? name + "/" : name)) {
            length += name.length() + 1;
            if (length > JarFloor.MAX_BYTES) {
                throw new IOException("the folder has too many names");
            }
        }
    }

    byte[] toBytes() {
        StringBuilder lines = new StringBuilder();
        for (String name : names) {
            lines.append(name).append('\n');
        }
        return rules.extent().of(lines.toString().getBytes(StandardCharsets.UTF_8));
    }
}
