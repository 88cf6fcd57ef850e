// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.loop.PumpReceiveSide;
import io.mitogen.core.loop.PumpTransmitSide;
import java.io.IOException;

/** Starts processes whose standard streams a broker can serve. Any thread; may block. */
interface ProcessStarter {
    /** Works everywhere, at the price of a thread for each stream. */
    ProcessStarter PUMPED = launch -> {
        Process process;
        synchronized (PipeStarter.STARTING) {
            Shortage.checkDescriptors();
            process = JdkThreads.start(builder(launch));
        }
        return new ProcessStreams(
                process,
                new PumpTransmitSide(process.getOutputStream()),
                new PumpReceiveSide(process.getInputStream()),
                new PumpReceiveSide(process.getErrorStream()));
    };

    /** Returns the best starter of this system: selectable pipes where {@code /proc} tells their numbers. */
    static ProcessStarter best() {
        return DescriptorFinder.isAvailable() ? new PipeStarter() : PUMPED;
    }

    /** Returns a builder of the command's process, in the environment of this one but for what only this one can hold. */
    static ProcessBuilder builder(Launch launch) {
        ProcessBuilder builder = new ProcessBuilder(launch.argv());
        SoleOptions.removeFrom(builder.environment());
        builder.environment().putAll(launch.environment());
        return builder;
    }

    /** Starts the command. */
    ProcessStreams start(Launch launch) throws IOException;
}
