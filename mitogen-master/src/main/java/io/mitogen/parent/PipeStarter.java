// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.loop.ChannelReceiveSide;
import io.mitogen.core.loop.ChannelTransmitSide;
import java.io.File;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.Pipe;

/**
 * Starts processes on selectable pipes: three descriptors here, no thread.
 *
 * <p>The JDK's process streams cannot be selected, but a {@link Pipe} can, and its other end can be handed on as
 * {@code /proc/self/fd/N}: the JDK opens that path for the child. The end that was handed on is closed here at once.
 */
final class PipeStarter implements ProcessStarter {
    /**
     * One start at a time, whoever starts: pipes are told apart best while nobody else opens some; only one start at a time
     * holds the many descriptors that it takes for a moment, so that {@link Shortage#checkDescriptors} is true until it ends.
     */
    static final Object STARTING = new Object();

    @Override
    public ProcessStreams start(Launch launch) throws IOException {
        Pipe[] pipes = new Pipe[3];
        boolean started = false;
        try {
            Process process;
            synchronized (STARTING) {
                Shortage.checkDescriptors();
                for (int i = 0; i < pipes.length; i++) {
                    pipes[i] = Pipe.open();
                }
                ProcessBuilder builder = ProcessStarter.builder(launch);
                redirect(builder, pipes);
                process = JdkThreads.start(builder);
            }
            started = true;
            return new ProcessStreams(
                    process,
                    new ChannelTransmitSide(pipes[0].sink()),
                    new ChannelReceiveSide(pipes[1].source()),
                    new ChannelReceiveSide(pipes[2].source()));
        } finally {
            for (int i = 0; i < pipes.length && pipes[i] != null; i++) {
                close(i == 0 ? pipes[i].source() : pipes[i].sink());
                if (!started) {
                    close(i == 0 ? pipes[i].sink() : pipes[i].source());
                }
            }
        }
    }

    private static void redirect(ProcessBuilder builder, Pipe[] pipes) throws IOException {
        DescriptorFinder finder = new DescriptorFinder();
        builder.redirectInput(file(finder.find(pipes[0]).source()));
        builder.redirectOutput(file(finder.find(pipes[1]).sink()));
        builder.redirectError(file(finder.find(pipes[2]).sink()));
    }

    private static File file(int descriptor) {
        return new File("/proc/self/fd/" + descriptor);
    }

    private static void close(Channel channel) {
        try {
            channel.close();
        } catch (IOException expected) {
            // nothing was written to it
        }
    }
}
