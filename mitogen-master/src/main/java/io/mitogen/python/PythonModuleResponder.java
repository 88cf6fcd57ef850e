// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

import io.mitogen.core.Nullable;
import io.mitogen.relay.SentSet;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.zip.Deflater;

/**
 * Answers the requests of Python contexts for modules and for the files beside them. A module that was served is kept, deflated,
 * for the life of the master: contexts that come later must see what the first ones saw, so later changes of the file do not
 * count. Beyond a share of the heap, modules are kept while memory allows. Any thread but the broker's, because it reads files; the
 * requests of one stream one at a time, in order.
 */
public final class PythonModuleResponder {
    /*
     * What goes ahead is Python's rule, so that a context meets what a Python master would have sent it: of the modules that
     * the wanted one imports, that those import, and so on, in the order of their names, each that did not go down this
     * stream yet; but of a top level package other than the wanted one only when that package did. "mitogen" and "mitogen.core" are in every
     * context from the start.
     */
    private static final String MITOGEN = "mitogen";

    private static final List<String> IN_EVERY_CONTEXT = List.of(MITOGEN, "mitogen.core");

    /** For Python 2.5 and older, which no tree of ours has: imported by modules that every tree has, and never sent ahead. */
    private static final String OLD = "mitogen.compat";

    private static final String MAIN = "__main__";

    /** Overhead of a module besides its source, in bytes. */
    private static final int MODULE_BYTES = 1024;

    private static final long MAX_MODULE_BYTES = Runtime.getRuntime().maxMemory() / 8;

    private final PythonModuleFinder finder;
    private final BiConsumer<Object, String> warnings;
    private final Budget budget;
    private final ConcurrentMap<String, Kept> modules = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, SoftReference<Kept>> modulesBeyond = new ConcurrentHashMap<>();
    private final AtomicLong moduleBytes = new AtomicLong(); // in modules
    private final ConcurrentMap<String, SoftReference<List<String>>> related = new ConcurrentHashMap<>();
    private final ConcurrentMap<Object, SentSet> sentByStream = new ConcurrentHashMap<>();

    /**
     * Limits of what one request brings.
     *
     * @param related the most related modules that are looked for
     * @param ahead the most modules that are sent ahead
     * @param aheadBytes the most deflated bytes that are sent ahead
     */
    record Budget(int related, int ahead, int aheadBytes) {
        /** Far above what an application has; so that one request for a huge package does not hold up all others. */
        static final Budget USUAL = new Budget(2000, 400, 512 * 1024);
    }

    /**
     * One answer.
     *
     * @param name the module's name
     * @param module null when there is none
     * @param related names of related modules
     */
    record Answer(String name, @Nullable Kept module, List<String> related) {
        static Answer missing(String name) {
            return new Answer(name, null, List.of());
        }

        /** Returns a copy that spares relays no request, but takes less. */
        Answer withoutRelated() {
            return new Answer(name, module, List.of());
        }

        /** Returns the body of the LOAD_MODULE. */
        byte[] body() {
            return module == null
                    ? LoadModule.missing(name)
                    : LoadModule.found(name, module.children, module.path, module.data, related);
        }
    }

    /**
     * A module that was read.
     *
     * @param children names of the modules directly below it; null when it is no package
     * @param data zlib of its source
     * @param imports the modules that it imports when it is loaded, and the package it is in, as far as there are such modules
     */
    record Kept(@Nullable List<String> children, String path, byte[] data, List<String> imports) {}

    /** Makes a responder that serves the modules of {@code finder}. {@code warnings} gets a stream and why a module was not sent. */
    public PythonModuleResponder(PythonModuleFinder finder, BiConsumer<Object, String> warnings) {
        this(finder, warnings, Budget.USUAL);
    }

    PythonModuleResponder(PythonModuleFinder finder, BiConsumer<Object, String> warnings, Budget budget) {
        this.finder = finder;
        this.warnings = warnings;
        this.budget = budget;
    }

    /**
     * Returns the answers to a request for a module: those that go ahead, and last the one asked for. Every request is answered,
     * also a repeated one, whatever fails.
     *
     * @param stream identifies the stream the request came from, until {@link #forget}
     */
    List<Answer> answer(String name, Object stream) {
        try {
            Kept module = name.equals(MAIN) ? null : module(name);
            if (module == null) {
                return List.of(Answer.missing(name));
            }
            SentSet sent = sentByStream.computeIfAbsent(stream, ignored -> freshSet());
            List<Answer> answers = new ArrayList<>();
            List<String> names = related(name);
            if (sent.add(name)) {
                addAhead(name, names, sent, answers);
            }
            answers.add(new Answer(name, module, names));
            return answers;
        } catch (IOException | RuntimeException | Error e) { // the context waits without limit
            warnings.accept(stream, "could not serve the Python module " + name + ": " + e);
            return List.of(Answer.missing(name));
        }
    }

    /** Returns the content of a file beside the modules of a package; null when there is none that can be read. */
    @Nullable
    byte[] resource(LoadResource wanted, Object stream) {
        try {
            return finder.findResource(wanted.packageName(), wanted.fileName()).orElse(null);
        } catch (IOException | RuntimeException | Error e) { // as above
            warnings.accept(
                    stream,
                    "could not serve " + wanted.fileName() + " of the Python package " + wanted.packageName() + ": "
                            + e);
            return null;
        }
    }

    /** Forgets what went down a stream that is gone. */
    void forget(Object stream) {
        sentByStream.remove(stream);
    }

    private static SentSet freshSet() {
        SentSet sent = new SentSet();
        IN_EVERY_CONTEXT.forEach(sent::add);
        return sent;
    }

    private void addAhead(String wanted, List<String> names, SentSet sent, List<Answer> answers) throws IOException {
        int bytes = 0;
        for (String name : names) {
            String top = topOf(name);
            if (sent.contains(name) || name.startsWith(OLD) || !top.equals(wanted) && !sent.contains(top)) {
                continue;
            }
            Kept module = readableModule(name);
            if (module == null) {
                continue;
            }
            bytes += module.data.length;
            if (answers.size() >= budget.ahead || bytes > budget.aheadBytes) {
                return; // the context asks for the others
            }
            sent.add(name);
            answers.add(new Answer(name, module, related(name)));
        }
    }

    private static String topOf(String name) {
        int dot = name.indexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }

    /** Returns the names of all modules that {@code name} leads to, sorted. */
    private List<String> related(String name) {
        SoftReference<List<String>> reference = related.get(name);
        List<String> known = reference == null ? null : reference.get();
        if (known != null) {
            return known;
        }
        Set<String> seen = new TreeSet<>();
        ArrayDeque<String> open = new ArrayDeque<>();
        open.add(name);
        while (!open.isEmpty() && seen.size() < budget.related) {
            Kept module = readableModule(open.remove());
            for (String each : module == null ? List.<String>of() : module.imports) {
                if (seen.add(each)) {
                    open.add(each);
                }
            }
        }
        seen.remove(name);
        List<String> result = List.copyOf(seen);
        related.put(name, new SoftReference<>(result));
        return result;
    }

    /** Returns a module that nobody asked for; null also when it cannot be read: whoever asks for it will be told. */
    private @Nullable Kept readableModule(String name) {
        try {
            return module(name);
        } catch (IOException e) {
            return null;
        }
    }

    private @Nullable Kept module(String name) throws IOException {
        SoftReference<Kept> beyond = modulesBeyond.get(name);
        Kept kept = beyond == null ? modules.get(name) : beyond.get();
        if (kept != null) {
            return kept;
        }
        Optional<FoundModule> found = finder.find(name);
        if (found.isEmpty()) {
            return null;
        }
        FoundModule module = found.get();
        byte[] source = PythonSource.utf8(module.source());
        Kept read = new Kept(
                module.isPackage() ? module.children() : null,
                module.path(),
                PythonImage.zlib(
                        topOf(name).equals(MITOGEN) ? PythonSource.small(source) : source, Deflater.BEST_COMPRESSION),
                imports(name, module.isPackage(), new String(source, StandardCharsets.UTF_8)));
        keep(name, read);
        return read;
    }

    private void keep(String name, Kept module) {
        if (moduleBytes.addAndGet(module.data.length + MODULE_BYTES) <= MAX_MODULE_BYTES) {
            modules.put(name, module);
        } else {
            moduleBytes.addAndGet(-module.data.length - MODULE_BYTES);
            modulesBeyond.put(name, new SoftReference<>(module));
        }
    }

    private List<String> imports(String name, boolean isPackage, String source) {
        Set<String> imports = new TreeSet<>();
        int dot = name.lastIndexOf('.');
        if (dot >= 0) {
            imports.add(name.substring(0, dot));
        }
        for (PythonImport each : PythonImportScan.of(source)) {
            for (String candidate : each.candidates(name, isPackage)) {
                if (isWorthwhile(each, name, candidate) && !candidate.equals(name) && finder.has(candidate)) {
                    imports.add(candidate);
                }
            }
        }
        return List.copyOf(imports);
    }

    /** An import in a function may never happen. It counts within one package of the user's, as what is there is small. */
    private static boolean isWorthwhile(PythonImport each, String importer, String candidate) {
        String top = topOf(candidate);
        return !each.isLazy() || top.equals(topOf(importer)) && !top.equals(MITOGEN);
    }
}
