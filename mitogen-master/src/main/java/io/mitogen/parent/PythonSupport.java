// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.Nullable;
import io.mitogen.core.call.Context;
import io.mitogen.core.route.Identity;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Map;

/**
 * What a parent needs for children that are Python interpreters. Its implementation is another package, which is loaded with the
 * first of them: most parents never have any.
 */
public interface PythonSupport {
    /** Where a child that becomes a parent asks for what its Python children run: see {@link Parenthood.Settings#pythonRuntime}. */
    String RUNTIME = "META-INF/mitogen/python.runtime";

    /** In a setting that a child gets: whether its own parent is a Python interpreter. */
    String PYTHON_PARENT = "python_parent";

    /** In settings that JVMs below a Python master inherit: the zlib stream of the {@code mitogen.core} that it runs. */
    String PYTHON_CORE = "python_core";

    /** Beside it: its version, a tuple as Python writes it. */
    String PYTHON_VERSION = "python_version";

    /** Beside it: what else it was told that all Python contexts below are told, too; a dict of Python's configuration. */
    String PYTHON_CONFIG = "python_config";

    /** The package of the implementation. */
    String PACKAGE = "io.mitogen.python";

    /**
     * Returns how a Python context is started. On a launch thread: it may fetch what it needs.
     *
     * @param settings of the context, as {@code ChildConfig} names them
     * @throws BootRefusedException when this parent has nothing to start it with
     */
    Boot boot(LaunchMethod method, Identity identity, Map<String, Object> settings);

    /**
     * Returns an attempt of {@code via}, a Python interpreter. On the thread of who wants the context.
     *
     * @param forPython the method as Python has it
     * @param forJvm the words of a command, settings and core of a JVM; null to start another Python interpreter
     */
    RemoteAttempt via(Context via, LaunchMethod method, PythonMethod forPython, @Nullable List<Object> forJvm);

    /** Makes what serves {@code parent}. Not inside a turn: it may fetch classes, and borrows a turn. */
    static PythonSupport of(Parenthood parent) {
        try {
            return (PythonSupport)
                    Class.forName(PACKAGE + ".PythonParenthood", true, PythonSupport.class.getClassLoader())
                            .getConstructor(Parenthood.class)
                            .newInstance(parent);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("no Python contexts here: " + e.getCause(), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("no Python contexts here: " + e, e);
        }
    }
}
