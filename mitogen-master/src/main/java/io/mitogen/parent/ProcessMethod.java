// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.Nullable;
import io.mitogen.core.call.Context;
import io.mitogen.core.pickle.Kwargs;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What all methods that start a process let their users choose. A value; each method returns a changed copy. Any thread.
 *
 * @param <M> the method itself
 */
public abstract class ProcessMethod<M extends ProcessMethod<M>> implements LaunchMethod {
    private final MethodOptions options;

    protected ProcessMethod(MethodOptions options) {
        this.options = options;
    }

    /** Returns this method with other options. */
    protected abstract M with(MethodOptions changed);

    /** Returns what was chosen. */
    protected final MethodOptions chosen() {
        return options;
    }

    private M with(ContextOptions changed) {
        return with(options.withCommon(changed));
    }

    /**
     * With a name of its own, for the process list and the logs: 1 to 99 characters, no slash. The name of a context via {@code b} is
     * {@code b.NAME}, but in the process list.
     */
    public M name(String name) {
        return with(common().withName(Objects.requireNonNull(name, "name")));
    }

    /** With the {@code java} program at this path of the target, or of this name on its PATH. */
    public M java(String program) {
        return with(common().withJava(Objects.requireNonNull(program, "program")));
    }

    /**
     * As a Python interpreter in place of a JVM: the first of {@code python3}, {@code python} and some others that the target has.
     * Nothing is needed there but Python; the master sends its own Mitogen for Python.
     */
    public M python() {
        return python(ContextOptions.ANY_PYTHON);
    }

    /** As the Python interpreter at this path of the target, or of this name on its PATH, in place of a JVM. */
    public M python(String interpreter) {
        return with(common().withPython(Objects.requireNonNull(interpreter, "interpreter")));
    }

    /** With these options for its JVM, as {@code -Xmx64m}. */
    public M jvmOptions(String... values) {
        return with(common().withJvmOptions(List.of(values)));
    }

    /** With jars and folders of the target that are searched before the master is asked for a class. */
    public M classPath(String... paths) {
        return with(common().withClassPath(List.of(paths)));
    }

    /** Logging everything. */
    public M debug() {
        return with(common().withDebug(true));
    }

    /** Ready within this time, questions included, or the attempt fails; 30 seconds when not set. */
    public M connectTimeout(Duration timeout) {
        return with(common().withConnectTimeout(timeout));
    }

    /** Started by another context, on that context's machine. */
    public M via(Context context) {
        return with(common().withVia(Objects.requireNonNull(context, "context"))); // or it would be started here
    }

    /** Returns this method with somebody else who answers questions. */
    final M askedBy(QuestionHandler handler) {
        return with(options.withQuestionHandler(handler));
    }

    @Override
    public final ContextOptions common() {
        return options.common();
    }

    @Override
    @Nullable
    public String java() {
        return common().java();
    }

    @Override
    public final @Nullable PythonMethod forPython() {
        if (options.questionHandler() != null) {
            throw new IllegalArgumentException(
                    this + ": a Python context cannot pass questions on: choose a password, or connect via a JVM");
        }
        Map<String, Object> fields = new HashMap<>();
        String interpreter = common().python();
        if (interpreter != null && !interpreter.isEmpty()) {
            fields.put("python_path", interpreter);
        }
        fields.put("connect_timeout", common().connectTimeout().toMillis() / 1000.0);
        return forPython(fields);
    }

    /**
     * Returns this method as Python Mitogen has it; null when it has none.
     *
     * @param fields what all methods have in common there; this method's own options are to be added
     */
    protected @Nullable PythonMethod forPython(Map<String, Object> fields) {
        return null;
    }

    /** Fails if one of these options was chosen, which Python Mitogen's method of this name lacks. */
    protected final void refuseForPython(String... names) {
        for (String name : names) {
            if (options.has(name)) {
                throw new IllegalArgumentException(
                        this + ": Python Mitogen has no " + name + " for it: connect it without, or via a JVM");
            }
        }
    }

    @Override
    public final Kwargs options() {
        return options.toKwargs();
    }

    @Override
    @Nullable
    public final QuestionHandler questionHandler() {
        return options.questionHandler();
    }
}
