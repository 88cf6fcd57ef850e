// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.Nullable;
import io.mitogen.core.boot.ChildConfig;
import io.mitogen.core.buffer.BufferQueue;
import io.mitogen.core.buffer.Writable;
import io.mitogen.core.route.Identity;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.function.Supplier;

/** Makes the process a JVM with the core. */
public final class JvmBoot implements Boot {
    private static final byte[] NO_CORE = {};

    private final LaunchMethod method;
    private final Identity identity;
    private final Supplier<byte[]> cores;
    private byte[] core = NO_CORE;

    /** @param cores makes the deflated core, which is slow the first time */
    JvmBoot(LaunchMethod method, Identity identity, Supplier<byte[]> cores) {
        this.method = method;
        this.identity = identity;
        this.cores = cores;
    }

    @Override
    public BootCommand command(String processName) {
        return BootCommand.ofJvm(method.java(), processName, method.common().jvmOptions());
    }

    @Override
    public void prepare() {
        core = cores.get();
    }

    @Override
    public Writable program(String name, Map<String, Object> settings) {
        return new Blocks(ChildConfig.of(identity, settings).toBytes(), core);
    }

    @Override
    public @Nullable Reply.Failure refusal(String code, String text) {
        return meaning(code, text);
    }

    /** Returns what an error line of the boot script or the first stage means; null when they have no such code. */
    public static @Nullable Reply.Failure meaning(String code, String text) {
        return switch (code) {
            case "no-java" -> new Reply.Failure(ConnectException.Reason.NO_JAVA, "no Java found: " + text);
            case "java-old" ->
                new Reply.Failure(ConnectException.Reason.JAVA_TOO_OLD, "Java 17 or later is needed, found " + text);
            case "no-folder" ->
                new Reply.Failure(
                        ConnectException.Reason.NO_WRITABLE_FOLDER, "no folder takes four small files: " + text);
            default -> null;
        };
    }

    /** The two blocks that the first stage reads. */
    private record Blocks(byte[] config, byte[] core) implements Writable {
        @Override
        public void writeTo(BufferQueue queue) {
            block(queue, config);
            block(queue, core);
        }

        private static void block(BufferQueue queue, byte[] bytes) {
            ByteBuffer chunk = queue.beginWrite(Integer.BYTES);
            chunk.putInt(bytes.length);
            queue.endWrite(chunk);
            queue.appendGiven(bytes);
        }
    }
}
