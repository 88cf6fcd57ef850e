// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.reference;

import io.mitogen.testkit.conformance.peer.Handle;
import io.mitogen.testkit.conformance.wire.Frame;
import io.mitogen.testkit.conformance.wire.Global;
import io.mitogen.testkit.conformance.wire.Made;
import io.mitogen.testkit.conformance.wire.PickleOut;
import io.mitogen.testkit.conformance.wire.Tuple;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The calls of a context, one after the other on a thread of their own; what can be called has the names of Python's functions. */
final class MiniCalls {
    private static final int MAX_ERROR_CHARS = 9999;

    private final MiniContext context;
    private final MiniChildren children;
    private final BlockingQueue<Frame> queue = new LinkedBlockingQueue<>();
    private final Map<Object, Made> failed = new HashMap<>();
    private final Thread thread = new Thread(this::work, "mini calls");

    MiniCalls(MiniContext context, MiniContext.Launcher launcher) {
        this.context = context;
        this.children = new MiniChildren(context, launcher);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    void stop() {
        thread.interrupt();
    }

    void take(Frame frame) {
        if (frame.isDead()) {
            context.end();
        } else {
            queue.add(frame);
        }
    }

    private void work() {
        try {
            while (true) {
                Frame frame = queue.take();
                if (context.mutation == Mutation.SIDE_BY_SIDE && isLong(frame)) {
                    Thread aside = new Thread(() -> dispatchAside(frame), "mini call");
                    aside.setDaemon(true);
                    aside.start();
                } else {
                    dispatch(frame);
                }
            }
        } catch (InterruptedException expected) { // the context ends
            return;
        }
    }

    private static boolean isLong(Frame frame) {
        return new String(frame.body(), StandardCharsets.ISO_8859_1).contains("sleep");
    }

    private void dispatchAside(Frame frame) {
        try {
            dispatch(frame);
        } catch (InterruptedException expected) { // the context ends
            return;
        }
    }

    private void dispatch(Frame frame) throws InterruptedException {
        Object chain = null;
        Object result;
        try {
            Tuple call = checked(MiniPickles.read(frame.body(), context.mutation));
            check(call);
            chain = call.get(0);
            boolean known = chain != null && failed.containsKey(chain);
            result = known ? failed.get(chain) : call(call);
        } catch (RuntimeException e) {
            result = failure(e);
            if (chain != null && context.mutation != Mutation.FORGETFUL_CHAINS) {
                failed.put(chain, (Made) result);
            }
        }
        if (frame.replyTo() != 0) {
            reply(frame, PickleOut.toBytesShared(result));
        } else if (result instanceof Made made && made.by().equals(Global.CALL_ERROR) && chain == null) {
            log(
                    "mitogen",
                    40,
                    "No-reply function call failed: " + made.arguments().get(0));
        }
    }

    private void reply(Frame request, byte[] body) {
        int auth = context.mutation == Mutation.WRONG_AUTH ? 0 : context.id();
        int src = context.mutation == Mutation.WRONG_SRC ? context.parentId() : context.id();
        int dst = context.mutation == Mutation.ANSWERS_AUTHORITY ? request.auth() : request.src();
        context.send(new Frame(Frame.MGC, dst, src, auth, request.replyTo(), 0, body));
    }

    private static Made failure(RuntimeException e) {
        String type = e instanceof NumberFormatException
                ? "builtins.ValueError"
                : e instanceof IllegalStateException ? "conformance.Failure" : "builtins.Exception";
        String stack = "\n  File \"mini\", line 1, in call";
        String text = type + ": " + e.getMessage();
        return new Made(
                Global.CALL_ERROR,
                Tuple.of(text.substring(0, Math.min(text.length(), MAX_ERROR_CHARS - stack.length())) + stack));
    }

    private void log(String logger, int level, String text) {
        if (level >= context.told.number("log_level")) {
            int dst = context.mutation == Mutation.LOGS_TO_PARENT ? context.parentId() : 0;
            context.text(dst, Handle.FORWARD_LOG, logger + "\0" + level + "\0" + text);
        }
    }

    private static Tuple checked(Object value) {
        if (value instanceof Tuple call
                && call.size() == 6
                && (call.get(0) == null || call.get(0) instanceof String)
                && call.get(1) instanceof String
                && (call.get(2) == null || call.get(2) instanceof String)
                && call.get(3) instanceof String
                && (call.get(4) instanceof Tuple || call.get(4) instanceof List)
                && (call.get(5) instanceof Map || call.get(5) instanceof Made)) {
            return call;
        }
        throw new IllegalArgumentException("not a call");
    }

    /** Finds the function; that it is not there is no failure of a chain. */
    private void check(Tuple call) throws InterruptedException {
        List<String> names = List.of(
                "conformance.echo",
                "conformance.add",
                "conformance.fail",
                "conformance.print",
                "conformance.sleep",
                "conformance.large",
                "conformance.unsendable",
                "conformance.load",
                "conformance.wait_for",
                "conformance.detach",
                "operator.getitem",
                "operator.add",
                "operator.mul",
                "builtins.int",
                "builtins.print",
                "time.sleep",
                "threading.Lock",
                "mitogen.core.Dispatcher.forget_chain",
                "mitogen.parent._proxy_connect");
        String module = (String) call.get(1);
        if (names.contains(name(call))) {
            return;
        }
        boolean own = names.stream().anyMatch(each -> each.startsWith(module + "."));
        if (own || !context.modules.find(module)) {
            throw new IllegalArgumentException("there is no " + name(call));
        }
    }

    private static String name(Tuple call) {
        return call.get(1) + "." + (call.get(2) == null ? "" : call.get(2) + ".") + call.get(3);
    }

    private Object named(Tuple call, String name) {
        Object given = call.get(5) instanceof Made made ? made.arguments().get(0) : call.get(5);
        return context.mutation == Mutation.NO_NAMES ? null : ((Map<?, ?>) given).get(name);
    }

    private String load(String name) throws InterruptedException {
        if (!context.modules.find(name)) {
            throw new IllegalArgumentException("there is no " + name);
        }
        return context.modules.text(name);
    }

    private Object call(Tuple call) throws InterruptedException {
        Object given = call.get(4);
        List<?> arguments = given instanceof Tuple tuple ? tuple.items() : (List<?>) given;
        switch (name(call)) {
            case "conformance.echo":
                return arguments.get(0);
            case "conformance.fail":
                throw new IllegalStateException((String) arguments.get(0));
            case "conformance.large":
                return "x".repeat(((BigInteger) arguments.get(0)).intValue());
            case "conformance.load":
                return load((String) arguments.get(0));
            case "operator.getitem":
                return ((List<?>) arguments.get(0)).get(((BigInteger) arguments.get(1)).intValue());
            case "operator.add", "conformance.add":
                Object b = arguments.size() > 1 ? arguments.get(1) : named(call, "b");
                return ((BigInteger) arguments.get(0)).add((BigInteger) b);
            case "operator.mul":
                return ((String) arguments.get(0)).repeat(((BigInteger) arguments.get(1)).intValue());
            case "builtins.int":
                Object base = named(call, "base");
                if (base instanceof BigInteger radix) {
                    return new BigInteger((String) arguments.get(0), radix.intValue());
                }
                throw new NumberFormatException("invalid literal: " + arguments.get(0));
            case "builtins.print", "conformance.print":
                log("stdout", 20, (String) arguments.get(0));
                return null;
            case "time.sleep", "conformance.sleep":
                new CountDownLatch(1).await(((BigInteger) arguments.get(0)).longValue(), TimeUnit.SECONDS);
                return null;
            case "threading.Lock", "conformance.unsendable":
                throw new IllegalArgumentException("cannot pickle a lock");
            case "mitogen.core.Dispatcher.forget_chain":
                failed.remove(arguments.get(0));
                return null;
            case "mitogen.parent._proxy_connect":
                return children.connect(
                        (Map<?, ?>) ((Made) call.get(5)).arguments().get(0));
            case "conformance_served.answer":
                return "served";
            case "conformance_served.wait_for", "conformance.wait_for":
                return context.ask(((BigInteger) arguments.get(0)).intValue(), Handle.CALL_FUNCTION)
                        .join()
                        .text();
            case "conformance_served.detach", "conformance.detach":
                context.ask(context.parentId(), Handle.DETACHING).join();
                context.detach();
                return null;
            default:
                throw new IllegalArgumentException("there is no " + name(call));
        }
    }
}
