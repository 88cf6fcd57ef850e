// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.Nullable;
import io.mitogen.core.pickle.Kwargs;
import io.mitogen.core.pickle.Secret;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What was chosen for a connection method: what all methods have in common, what only this one has, under names of its own, and
 * who answers questions. Immutable; each {@code with} returns a changed copy. Any thread.
 */
public final class MethodOptions {
    /** Nothing chosen. */
    public static final MethodOptions DEFAULT = new MethodOptions(ContextOptions.DEFAULT, Map.of(), null);

    private final ContextOptions common;
    private final Map<String, Object> own;
    private final @Nullable QuestionHandler questionHandler;

    private MethodOptions(ContextOptions common, Map<String, Object> own, @Nullable QuestionHandler questionHandler) {
        this.common = common;
        this.own = own;
        this.questionHandler = questionHandler;
    }

    public ContextOptions common() {
        return common;
    }

    public MethodOptions withCommon(ContextOptions value) {
        return new MethodOptions(value, own, questionHandler);
    }

    @Nullable
    public QuestionHandler questionHandler() {
        return questionHandler;
    }

    public MethodOptions withQuestionHandler(QuestionHandler value) {
        return new MethodOptions(common, own, Objects.requireNonNull(value, "handler"));
    }

    /** Chooses {@code value}: text, a number, a flag, a {@link Secret} or a list of texts. */
    public MethodOptions with(String name, Object value) {
        Map<String, Object> changed = new TreeMap<>(own);
        changed.put(name, value);
        return new MethodOptions(common, changed, questionHandler);
    }

    /** Chooses text that becomes one word of a command: not empty, no control characters. */
    public MethodOptions withWord(String name, String value) {
        if (value.isEmpty() || value.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(name + ": is empty or has control characters");
        }
        return with(name, value);
    }

    /** Chooses the account {@code user}, which must not look like an option. */
    public MethodOptions withUser(String user) {
        if (user.startsWith("-")) {
            throw new IllegalArgumentException("user: " + user + " begins with a hyphen");
        }
        return withWord("user", user);
    }

    /** Chooses a text that will be typed as a line. */
    public MethodOptions withSecret(String name, Secret value) {
        if (value.reveal().chars().anyMatch(c -> c == '\n' || c == '\r' || c == 0)) {
            throw new IllegalArgumentException(name + ": has a line end or a NUL, and could not be typed");
        }
        return with(name, value);
    }

    /** Takes a choice back. */
    public MethodOptions without(String name) {
        Map<String, Object> changed = new TreeMap<>(own);
        changed.remove(name);
        return new MethodOptions(common, changed, questionHandler);
    }

    /** Adds to a list of texts. */
    public MethodOptions withMore(String name, List<String> values) {
        List<String> all = new ArrayList<>(words(name));
        all.addAll(values);
        return with(name, List.copyOf(all));
    }

    // == What was chosen ==

    boolean has(String name) {
        return own.containsKey(name);
    }

    /** Puts what was chosen as {@code name}, if anything was, into {@code fields} as {@code key}. */
    public void copy(String name, Map<String, Object> fields, String key) {
        if (has(name)) {
            fields.put(key, own.get(name));
        }
    }

    @Nullable
    public String text(String name) {
        return (String) own.get(name);
    }

    public String text(String name, String otherwise) {
        return (String) own.getOrDefault(name, otherwise);
    }

    @Nullable
    public Secret secret(String name) {
        return (Secret) own.get(name);
    }

    public boolean flag(String name) {
        return Boolean.TRUE.equals(own.get(name));
    }

    @Nullable
    public Integer number(String name) {
        return (Integer) own.get(name);
    }

    public int number(String name, int otherwise) {
        return (Integer) own.getOrDefault(name, otherwise);
    }

    /** Returns a list of texts, empty when none was chosen. */
    public List<String> words(String name) {
        List<String> words = new ArrayList<>();
        for (Object word : (List<?>) own.getOrDefault(name, List.of())) {
            words.add((String) word);
        }
        return words;
    }

    // == As a value ==

    /** Returns everything but the question handler, which stays where it is. */
    public Kwargs toKwargs() {
        Map<String, Object> fields = new HashMap<>(common.toKwargs());
        fields.put("own", own);
        return Kwargs.copyOf(fields);
    }

    /** Returns what {@link #toKwargs} described. */
    public static MethodOptions fromKwargs(Kwargs fields) {
        Map<String, Object> own = new TreeMap<>();
        ((Map<?, ?>) fields.get("own")).forEach((name, value) -> own.put((String) name, value));
        return new MethodOptions(ContextOptions.fromKwargs(fields), own, null);
    }
}
