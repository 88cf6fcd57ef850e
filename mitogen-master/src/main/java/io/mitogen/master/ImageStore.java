// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.Nullable;
import io.mitogen.core.load.ClassImage;
import io.mitogen.core.load.ResourcePart;
import io.mitogen.logging.JulForwarding;
import io.mitogen.parent.Bundle;
import io.mitogen.parent.Parenthood;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
import java.util.zip.Deflater;

/**
 * The images that contexts may have, made on demand. Classes are kept while memory allows, so that a hundred contexts
 * cost the reading and deflating once. Any thread; reads files, so not on the broker thread.
 */
final class ImageStore {
    /**
     * An image ready to go, and what to send along.
     *
     * @param image the class or resource, with no related paths yet
     * @param references paths of what it names: the classes in a class file that contexts may have, as far as the rules
     *     can tell, those classes and resources that its texts name, the service file of a class that has providers, what
     *     forwards the JDK's logging to the master if it uses that, and of the class that makes a parent what else that
     *     takes; the providers in a service file, and the classes in the list of a parent's, which has the same form
     * @param literals those of the classes that its code takes as values, which whoever looks for providers does
     * @param lacksProviders whether it is a class that may have providers and has no service file
     * @param packages what the jar of a class says of its packages, as it goes ahead; null if nothing
     */
    record StoredImage(
            ClassImage image,
            List<String> references,
            List<String> literals,
            boolean lacksProviders,
            @Nullable ClassImage packages) {}

    /**
     * Which class there is at a path.
     *
     * @param checksum of the class file: two of 32 bits, so that no chance makes two alike
     * @param place the URL of its jar or folder
     */
    record Version(long checksum, String place) {}

    /** The refusal of what there simply is not. */
    static final String NOT_HERE = "the master does not have it either";

    private static final String SERVICES = "META-INF/services/";
    private static final String FORWARDING = ClassImage.pathOf(JulForwarding.class.getName());
    private static final String PARENTHOOD = ClassImage.pathOf(Parenthood.class.getName());
    private static final String OWN = "io/mitogen/";
    private static final String OWN_RESOURCES = "META-INF/mitogen/";

    /**
     * Texts that look like names of classes, as usual: packages in lower case, then a name that begins otherwise. Possessive, as
     * the stack must suffice for every text.
     */
    private static final Pattern CLASS_NAME = Pattern.compile("([a-z_][a-z0-9_]*\\.)++[A-Z][A-Za-z0-9_$]*");

    /** Texts that look like names of files that programs look for without knowing whether they are there. */
    private static final Pattern FILE_NAME =
            Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9_./-]*\\.(conf|json|properties|txt|xml|yaml|yml)");

    private static final int BUFFER_LENGTH = 8192;
    private static final JdkClasses JDK = new JdkClasses();

    private final ClassFinder finder;
    private final ImportPolicy policy;
    private final FolderRules rules;
    private final int partBytes;
    private final JarNeighbours neighbours = new JarNeighbours();
    private final ConcurrentMap<String, SoftReference<StoredImage>> classes = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Version> versions = new ConcurrentHashMap<>(); // those that went out first
    private final ConcurrentMap<String, Long> replaceable = new ConcurrentHashMap<>(); // checksums of those last read

    ImageStore(ClassFinder finder, ImportPolicy policy, int partBytes) {
        this.partBytes = partBytes;
        this.finder = finder;
        this.policy = policy;
        this.rules = new FolderRules(policy, this::isShippable);
    }

    /**
     * Returns the class, or all copies of the resource, at {@code path}; empty when there is none or contexts may not
     * have it: {@link #refusal} tells which.
     *
     * @throws IOException when it is there but cannot be read
     */
    Optional<StoredImage> imageAt(String path) throws IOException {
        if (isKept(fileOf(path))) {
            return Optional.empty();
        }
        ResourcePart part = ResourcePart.of(path);
        if (part != null) {
            return partAt(path, part);
        }
        if (!ClassImage.isClass(path)) {
            return resourceAt(path);
        }
        SoftReference<StoredImage> reference = classes.get(path);
        StoredImage kept = reference == null ? null : reference.get();
        if (kept != null && !isReplaced(path)) {
            return Optional.of(kept);
        }
        Optional<StoredImage> read = classAt(path);
        read.ifPresent(image -> classes.put(path, new SoftReference<>(image)));
        return read;
    }

    /** Tells whether a loader that can replace its classes has another one at {@code path} than the last that was read. */
    private boolean isReplaced(String path) {
        Long last = replaceable.get(path);
        if (last == null || finder.isOfGoneLoader()) {
            return false;
        }
        try {
            Optional<FoundFile> now = finder.findClass(path, rules);
            return now.isPresent() && checksum(now.get().bytes()) != last;
        } catch (IOException | RuntimeException expected) { // of a loader that was closed: what it had is still served
            return false;
        }
    }

    private boolean isKept(String path) {
        return !isShippable(path) && !isFolderToWhatIsAllowed(path) || rules.hides(path);
    }

    /** Returns which class contexts get, or got, at {@code path}; null for none. */
    @Nullable
    Version version(String path) throws IOException {
        imageAt(path);
        return versions.get(path);
    }

    /** Returns where a loader finds the class at {@code path} that the one which comes first inherits from; empty if nowhere. */
    Optional<URL> inherited(String path) {
        return finder.inherited(path);
    }

    /** Returns where the class at {@code path} is found now; empty if nowhere. */
    Optional<URL> locate(String path) {
        return finder.locate(path);
    }

    /** Returns why contexts do not get {@code path}, in words for the user of the class. */
    String refusal(String wanted) {
        String path = fileOf(wanted);
        if (!isResourcePath(path)) {
            return "\"" + path + "\" is no path of a class or resource";
        }
        if (isCore(path)) {
            return "Mitogen's core is part of every context and never shipped";
        }
        Optional<String> module = JDK.moduleOf(path);
        if (module.isPresent()) {
            return "it is a JDK class of module " + module.get()
                    + ", which this runtime lacks; the JDK is never shipped";
        }
        Optional<FolderRules.Refusal> kept = keptBecause(path);
        return policy.refusal(path).orElseGet(() -> kept.map(FolderRules.Refusal::text)
                .orElseGet(() -> finder.tooNew(path).orElse(NOT_HERE)));
    }

    /** Returns why the rules kept an existing file from a recent request; empty when they did not. */
    Optional<FolderRules.Refusal> keptBecause(String path) {
        return Optional.ofNullable(rules.refusal(fileOf(path)));
    }

    /** Remembers that what lies at {@code path} could not be read. */
    void noteUnreadable(String path, String reason) {
        rules.note(fileOf(path), new FolderRules.Refusal(FolderRules.Rule.UNREADABLE, reason));
    }

    /** Returns the path of the file or folder that a request is about, of which it may want a part or all that is below. */
    private static String fileOf(String wanted) {
        ResourcePart part = ResourcePart.of(wanted);
        return withoutSlash(part == null ? wanted : part.path());
    }

    /** Returns the path of the service file that the class at {@code path} might have, when it has none. */
    Optional<String> lackOfProviders(String path) {
        try {
            return imageAt(path)
                    .filter(StoredImage::lacksProviders)
                    .map(stored -> SERVICES + ClassImage.nameOf(path))
                    .filter(services -> !finder.hasResource(services)); // a loader may have been added since
        } catch (IOException | RuntimeException expected) {
            return Optional.empty(); // whoever asks for it will be told why
        }
    }

    /** Returns the classes in the same jar as {@code path}, nearest first; none when there is no such jar, or it cannot be read. */
    List<String> beside(String path) {
        try {
            Optional<URL> url = ClassImage.isClass(path) ? finder.locate(path) : Optional.empty();
            List<String> found = new ArrayList<>(url.isPresent() ? neighbours.of(url.get(), path) : List.of());
            found.removeIf(each -> isOwn(each) || !isShippable(each));
            return found;
        } catch (IOException | RuntimeException expected) {
            return List.of(); // only a guess is lost
        }
    }

    /** Tells whether {@code path} is this library's. */
    static boolean isOwn(String path) {
        return path.startsWith(OWN) || path.startsWith(OWN_RESOURCES);
    }

    private Optional<StoredImage> classAt(String path) throws IOException {
        Optional<FoundFile> found = finder.findClass(path, rules);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        byte[] bytes = found.get().bytes();
        ConstantPool pool = ConstantPool.of(bytes);
        List<String> references = leadingOn(path, pool.references());
        if (!isOwn(path)) {
            addNamedByTexts(path, pool.texts(), references);
        }
        String services = SERVICES + ClassImage.nameOf(path);
        boolean mayHaveProviders = pool.mayHaveProviders() && isShippable(services);
        boolean hasProviders = mayHaveProviders && finder.hasResource(services);
        if (hasProviders) {
            references.add(services);
        }
        if (!isOwn(path) && pool.references().stream().anyMatch(ImageStore::isLogging)) {
            references.add(FORWARDING);
        }
        if (path.equals(PARENTHOOD)) {
            references.add(ShippedLibrary.REST_PATH);
            references.add(Bundle.LIST);
        }
        ClassImage image = ClassImage.found(path, found.get().origin(), deflate(bytes), List.of());
        List<String> literals = leadingOn(path, pool.literals());
        long checksum = checksum(bytes);
        versions.putIfAbsent(path, new Version(checksum, found.get().place()));
        if (found.get().mayBeReplaced()) {
            replaceable.put(path, checksum);
        }
        return Optional.of(new StoredImage(
                image,
                List.copyOf(references),
                List.copyOf(literals),
                mayHaveProviders && !hasProviders,
                packagesIn(found.get().origin())));
    }

    private @Nullable ClassImage packagesIn(String jar) throws IOException {
        byte[] said = finder.manifests().packagesIn(jar);
        return said == null
                ? null
                : ClassImage.found(JarManifests.FOLDER + jar, jar, deflate(join(List.of(said))), List.of());
    }

    private static long checksum(byte[] bytes) {
        Checksum one = new CRC32();
        Checksum other = new CRC32C();
        one.update(bytes);
        other.update(bytes);
        return one.getValue() << 32 | other.getValue();
    }

    /** Returns the paths of those classes that are worth sending with the one at {@code path}. */
    private List<String> leadingOn(String path, Set<String> names) {
        List<String> paths = new ArrayList<>();
        for (String name : names) {
            String reference = name + ".class";
            if (!reference.equals(path) && leadsOn(path, reference) && isShippable(reference)) {
                paths.add(reference);
            }
        }
        return paths;
    }

    /** Adds what the texts in the class at {@code path} may name: classes, and files beside it or from the top. */
    private void addNamedByTexts(String path, Set<String> texts, List<String> paths) {
        String folder = path.substring(0, path.lastIndexOf('/') + 1);
        for (String text : texts) {
            if (CLASS_NAME.matcher(text).matches()) {
                String reference = ClassImage.pathOf(text);
                if (!isOwn(reference) && !reference.equals(path) && isShippable(reference)) {
                    paths.add(reference);
                }
            } else if (FILE_NAME.matcher(text).matches() && isShippable(text)) {
                paths.add(text);
                if (finder.hasResource(folder + text) && isShippable(folder + text)) {
                    paths.add(folder + text);
                }
            }
        }
    }

    private Optional<StoredImage> resourceAt(String path) throws IOException {
        List<FoundFile> copies = find(path, 0, JarFloor.MAX_BYTES + 1, Extent.EVERY);
        if (copies.isEmpty()) {
            return Optional.empty();
        }
        long length = Integer.BYTES;
        for (FoundFile copy : copies) {
            length += Integer.BYTES + copy.bytes().length;
        }
        if (length > JarFloor.MAX_BYTES) {
            ClassImage image = inParts(path, copies.get(0).origin(), copies.size());
            return Optional.of(new StoredImage(image, List.of(), List.of(), false, null));
        }
        List<String> providers = new ArrayList<>();
        for (FoundFile copy : copies) {
            if (path.startsWith(SERVICES) || path.equals(Bundle.LIST)) {
                addProviders(copy.bytes(), providers);
            }
        }
        byte[] data = deflate(join(copies.stream().map(FoundFile::bytes).toList()));
        ClassImage image = ClassImage.found(path, copies.get(0).origin(), data, List.of());
        return Optional.of(new StoredImage(image, List.copyOf(providers), List.of(), false, null));
    }

    /** Returns the content of a resource with these copies. */
    static byte[] join(List<byte[]> copies) throws IOException {
        int length =
                copies.stream().mapToInt(copy -> Integer.BYTES + copy.length).sum();
        ByteArrayOutputStream joined = new ByteArrayOutputStream(Integer.BYTES + length);
        DataOutputStream out = new DataOutputStream(joined); // layout in ClassImage
        out.writeInt(copies.size());
        for (byte[] copy : copies) {
            out.writeInt(copy.length);
            out.write(copy);
        }
        return joined.toByteArray();
    }

    /** Finds a part of a resource, or of the list of what is in a folder; with a slash at its end, of all that is below it. */
    private List<FoundFile> find(String path, long offset, int limit, int copy) throws IOException {
        Extent extent = new Extent(offset, limit, path.endsWith("/"), copy);
        return finder.findResources(withoutSlash(path), rules.reading(extent));
    }

    private static String withoutSlash(String path) {
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    private Optional<StoredImage> partAt(String name, ResourcePart part) throws IOException {
        List<FoundFile> copies = find(part.path(), part.offset(), partBytes, part.copy());
        if (part.copy() >= copies.size()) {
            return Optional.empty();
        }
        FoundFile found = copies.get(part.copy());
        ClassImage image = ClassImage.found(name, found.origin(), deflate(join(List.of(found.bytes()))), List.of());
        return Optional.of(new StoredImage(image, List.of(), List.of(), false, null));
    }

    /** Returns the image of a resource of which each copy is asked for in parts. */
    static ClassImage inParts(String path, String origin, int copies) {
        ByteBuffer content = ByteBuffer.allocate(Integer.BYTES + copies * Integer.BYTES);
        content.putInt(copies);
        for (int i = 0; i < copies; i++) {
            content.putInt(ClassImage.IN_PARTS);
        }
        return ClassImage.found(path, origin, deflate(content.array()), List.of());
    }

    /** Adds the classes named in a service file: one a line, {@code #} starts a comment (see ServiceLoader). */
    private void addProviders(byte[] file, List<String> providers) {
        for (String line : new String(file, StandardCharsets.UTF_8).lines().toList()) {
            int comment = line.indexOf('#');
            String name = (comment < 0 ? line : line.substring(0, comment)).strip();
            if (!name.isEmpty() && isShippable(ClassImage.pathOf(name))) {
                providers.add(ClassImage.pathOf(name));
            }
        }
    }

    /** Tells whether {@code path} may be listed as a folder: a rule allows something below it. */
    private boolean isFolderToWhatIsAllowed(String path) {
        return isResourcePath(path) && !isCore(path) && policy.leadsTo(path);
    }

    private boolean isShippable(String path) {
        return isResourcePath(path)
                && !isCore(path)
                && JDK.moduleOf(path).isEmpty()
                && policy.refusal(path).isEmpty();
    }

    /**
     * Tells whether what {@code path} names is worth sending ahead. A program's main class names the master's classes,
     * but what runs in a context has no use for them, and a context that becomes a parent asks for those rooms itself.
     */
    private static boolean leadsOn(String path, String reference) {
        return !path.startsWith("io/mitogen/master/") && (path.startsWith(OWN) || !reference.startsWith(OWN));
    }

    /** Tells whether a context that first needs this class fetches what forwards the JDK's logging before it. */
    private static boolean isLogging(String name) {
        return name.startsWith("java/util/logging/") || name.startsWith("java/lang/System$Logger");
    }

    private static boolean isCore(String path) {
        return path.startsWith("io/mitogen/core/");
    }

    /** A loader might take other texts for files outside its class path, so they never get that far. */
    private static boolean isResourcePath(String path) {
        String parts = "/" + path + "/";
        return !parts.contains("//")
                && !parts.contains("/../")
                && !parts.contains("/./")
                && path.indexOf('\\') < 0
                && !hasScheme(path)
                && path.indexOf('\0') < 0;
    }

    /** Tells whether a loader that builds URLs would take {@code path} for a whole one, as {@code http:a} or {@code file:a}. */
    private static boolean hasScheme(String path) {
        int colon = path.indexOf(':');
        return colon > 0 && path.lastIndexOf('/', colon) < 0;
    }

    static byte[] deflate(byte[] content) {
        Deflater deflater = new Deflater();
        try {
            deflater.setInput(content);
            deflater.finish();
            ByteArrayOutputStream deflated = new ByteArrayOutputStream(content.length / 2 + 64);
            byte[] buffer = new byte[BUFFER_LENGTH];
            while (!deflater.finished()) {
                deflated.write(buffer, 0, deflater.deflate(buffer));
            }
            return deflated.toByteArray();
        } finally {
            deflater.end();
        }
    }
}
