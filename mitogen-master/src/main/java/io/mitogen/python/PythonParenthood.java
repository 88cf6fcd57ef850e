// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

import io.mitogen.core.Nullable;
import io.mitogen.core.call.ChildContext;
import io.mitogen.core.call.Context;
import io.mitogen.core.pickle.Kwargs;
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
    /** Known before the first Python child is there, and from the start where the parent is Python. */
    private volatile ResourceForm form = ResourceForm.TWO_PICKLES;

    public PythonParenthood(Parenthood parent) {
        this.parent = parent;
        ChildContext child = parent.settings().child();
        if (child != null) {
            Kwargs inherited = child.launcher().inherited();
            boolean parentIsPython = Boolean.TRUE.equals(inherited.get(PYTHON_PARENT));
            if (inherited.get(PYTHON_VERSION) instanceof String version) {
                form = ResourceForm.of(version);
            }
            PythonForwarder.install(child, parent.classRequests(), parent::isPython, parentIsPython, () -> form);
        }
    }

    @Override
    public Boot boot(LaunchMethod method, Identity identity, Map<String, Object> settings) {
        return new PythonBoot(method.common().python(), runtime(), identity, settings);
    }

    private synchronized PythonRuntime runtime() {
        if (runtime == null) {
            runtime = PythonRuntime.of(parent.settings().pythonRuntime());
            form = ResourceForm.of(runtime.version());
        }
        return runtime;
    }

    @Override
    public RemoteAttempt via(Context via, LaunchMethod method, PythonMethod forPython, @Nullable List<Object> forJvm) {
        return new PythonViaAttempt(parent, via, method, forPython, forJvm);
    }
}
