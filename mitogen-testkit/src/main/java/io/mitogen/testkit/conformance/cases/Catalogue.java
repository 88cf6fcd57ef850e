// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.cases;

import java.util.List;
import java.util.stream.Stream;

/** All cases, in the order in which they run. */
public final class Catalogue {
    private Catalogue() {}

    public static List<Case> all() {
        return Stream.of(
                        BootCases.cases(),
                        FrameCases.cases(),
                        PickleCases.cases(),
                        CallCases.cases(),
                        HandleCases.cases(),
                        DeadCases.cases(),
                        ModuleCases.cases(),
                        LogCases.cases(),
                        ServiceCases.cases(),
                        EndCases.cases(),
                        RelayCases.cases(),
                        SourceCases.cases(),
                        RouteCases.cases(),
                        ForwardCases.cases(),
                        ParentBootCases.cases(),
                        ParentHandleCases.cases(),
                        ParentRouteCases.cases(),
                        ParentModuleCases.cases(),
                        ParentEndCases.cases(),
                        ListenerCases.cases())
                .flatMap(List::stream)
                .toList();
    }
}
