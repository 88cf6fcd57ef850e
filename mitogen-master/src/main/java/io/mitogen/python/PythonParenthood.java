// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

import io.mitogen.core.Nullable;
import io.mitogen.core.call.ChildContext;
import io.mitogen.core.call.Context;
import io.mitogen.core.route.Identity;
import io.mitogen.parent.Boot;
import io.mitogen.parent.LaunchMethod;
import io.mitogen.parent.Parenthood;
import io.mitogen.parent.PythonMethod;
import io.mitogen.parent.PythonSupport;
import io.mitogen.parent.RemoteAttempt;
import java.util.List;
import java.util.Map;

/** What a parent has for its Python children. One for each parent that ever starts one. Any thread. */
public final class PythonParenthood implements PythonSupport {
    private final Parenthood parent;
    private @Nullable PythonRuntime runtime; // guarded by this

    public PythonParenthood(Parenthood parent) {
        this.parent = parent;
        ChildContext child = parent.settings().child();
        if (child != null) {
            boolean parentIsPython =
                    Boolean.TRUE.equals(child.launcher().inherited().get(PYTHON_PARENT));
            PythonForwarder.install(child, parent.classRequests(), parent::isPython, parentIsPython);
        }
    }

    @Override
    public Boot boot(LaunchMethod method, Identity identity, Map<String, Object> settings) {
        return new PythonBoot(method.common().python(), runtime(), identity, settings);
    }

    private synchronized PythonRuntime runtime() {
        if (runtime == null) {
            runtime = PythonRuntime.of(parent.settings().pythonRuntime());
        }
        return runtime;
    }

    @Override
    public RemoteAttempt via(Context via, LaunchMethod method, PythonMethod forPython, @Nullable List<Object> forJvm) {
        return new PythonViaAttempt(parent, via, method, forPython, forJvm);
    }
}
