// SPDX-License-Identifier: BSD-3-Clause
package com.acme.ship;

import java.util.List;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Runs a test class with JUnit and jqwik, wherever it is called. One thread at a time. */
public final class SuiteRunner {
    private SuiteRunner() {}

    /** Returns how many tests of {@link SampleSuite} passed and how many failed. */
    public static List<Long> run() {
        Launcher launcher = LauncherFactory.create();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        launcher.execute(
                LauncherDiscoveryRequestBuilder.request()
                        .selectors(DiscoverySelectors.selectClass(SampleSuite.class))
                        .build(),
                listener);
        TestExecutionSummary summary = listener.getSummary();
        return List.of(summary.getTestsSucceededCount(), summary.getTestsFailedCount());
    }
}
