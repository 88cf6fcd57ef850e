// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.python;

import io.mitogen.connect.Local;
import io.mitogen.core.call.ChannelException;
import io.mitogen.core.call.ChildContext;
import io.mitogen.core.call.Context;
import io.mitogen.core.call.PythonFunction;
import io.mitogen.core.call.Receiver;
import io.mitogen.core.call.Sender;
import io.mitogen.core.load.ClassImage;
import io.mitogen.core.load.ImportedClassLoader;
import io.mitogen.core.load.Importer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What the tests of mixed trees do in JVM contexts. The counterpart of {@code mixed_acts.py}. */
final class JavaActs {
    private static final Queue<Integer> GONE = new ConcurrentLinkedQueue<>();
    private static Receiver receiver;

    private JavaActs() {}

    static int pid() {
        return (int) ProcessHandle.current().pid();
    }

    static int parentPid() {
        return (int) ProcessHandle.current().parent().orElseThrow().pid();
    }

    static Context startJvm(ChildContext child) {
        return child.connect(Local.create());
    }

    static boolean hasResource(String path) {
        return JavaActs.class.getClassLoader().getResource(path) != null;
    }

    /** Fills this context's memory of what does not exist, so that it forgets what it knew. */
    static void forgetWhatIsMissing(ChildContext child) {
        Importer importer = ((ImportedClassLoader) child.loader()).importer();
        for (int i = 0; i < 10_000; i++) {
            importer.onImage(ClassImage.missing("forgotten/" + i, "it is not there"));
        }
    }

    static String nameOf(Context context) {
        return context.name();
    }

    static int half(int number) {
        if (number % 2 != 0) {
            throw new IllegalArgumentException(number + " is odd");
        }
        return number / 2;
    }

    static Sender openReceiver(ChildContext child) {
        receiver = child.receiver();
        return receiver.toSender();
    }

    static List<Object> take(int count) throws InterruptedException {
        List<Object> taken = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            taken.add(receiver.get());
        }
        return taken;
    }

    static void send(Sender sender, List<?> values) {
        values.forEach(sender::send);
    }

    static void close(Sender sender) {
        sender.close();
    }

    static String reasonOfEnd() throws InterruptedException {
        try {
            receiver.get();
        } catch (ChannelException e) {
            return e.getMessage();
        }
        return "something came";
    }

    static Context startPython(ChildContext child, String name) {
        return child.connect(Local.create().python().name(name));
    }

    static Object callPython(Context context, String module, String function, List<?> arguments) {
        return context.call(PythonFunction.of(module, function), arguments.toArray());
    }

    static void watch(Context context) {
        int id = context.id();
        context.onGone(reason -> GONE.add(id));
    }

    static List<Integer> goneIds() {
        return List.copyOf(GONE);
    }

    static void hang() throws InterruptedException {
        synchronized (GONE) {
            while (true) {
                GONE.wait();
            }
        }
    }
}
