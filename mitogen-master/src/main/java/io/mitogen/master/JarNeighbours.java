// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import java.io.IOException;
import java.lang.ref.SoftReference;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

/** Knows which classes lie in the same jar. Keeps names while memory allows. Any thread; reads files. */
final class JarNeighbours {
    private static final String META = "META-INF/";

    private final Map<String, SoftReference<List<String>>> classesByRoot = new ConcurrentHashMap<>();

    /** Returns the paths of all classes in the jar of {@code url}, those nearest to {@code path} first; none if it is in no jar. */
    List<String> of(URL url, String path) throws IOException {
        URLConnection connection = url.openConnection();
        if (!(connection instanceof JarURLConnection jar)
                || jar.getEntryName() == null
                || !jar.getEntryName().endsWith(path)) {
            return List.of();
        }
        String entry = jar.getEntryName();
        String root = entry.startsWith(META) ? "" : entry.substring(0, entry.length() - path.length());
        String key = jar.getJarFileURL() + "!/" + root;
        SoftReference<List<String>> reference = classesByRoot.get(key);
        List<String> classes = reference == null ? null : reference.get();
        if (classes == null) {
            classes = list(jar, root);
            classesByRoot.put(key, new SoftReference<>(classes));
        }
        return classes.stream()
                .sorted(Comparator.comparingInt(each -> -commonFolders(each, path)))
                .toList();
    }

    private static List<String> list(JarURLConnection connection, String root) throws IOException {
        connection.setUseCaches(false); // a cached jar would stay open for ever
        try (JarFile jar = connection.getJarFile()) {
            return jar.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> name.startsWith(root) && name.endsWith(".class"))
                    .map(name -> name.substring(root.length()))
                    .filter(name -> !name.startsWith(META) && !name.equals("module-info.class"))
                    .toList();
        }
    }

    /** Returns how many folders, from the top, both paths have in common. */
    private static int commonFolders(String one, String other) {
        int count = 0;
        for (int i = 0; i < one.length() && i < other.length() && one.charAt(i) == other.charAt(i); i++) {
            count += one.charAt(i) == '/' ? 1 : 0;
        }
        return count;
    }
}
