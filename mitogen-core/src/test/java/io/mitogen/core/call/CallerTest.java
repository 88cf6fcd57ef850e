// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.Nullable;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which calls the compiler can tell apart. That this class compiles is most of the test. */
class CallerTest {
    private final FakeCaller caller = new FakeCaller();

    @Test
    void shouldPreferTheResultWhenAMethodReturnsOne() {
        caller.result = 3;
        int sum = caller.call(Sample::add, 1, 2);
        assertEquals("call add(II)I [1, 2] as int", caller.said);
        int length = caller.call(String::length, "abc");
        assertEquals("call length()I [abc] as int", caller.said);
        caller.result = "hello";
        String hello = caller.call(Sample::hello);
        assertEquals("call hello()Ljava/lang/String; [] as class java.lang.String", caller.said);
        caller.result = 4L;
        long wide = caller.call(Sample::widen, 1L, 2.0);
        caller.result = List.of(1L);
        List<Long> longs = caller.call(Sample::longs, List.of(1L));
        long first = longs.get(0);
        caller.result = null;
        Map<String, List<Integer>> grouped = caller.call(Sample::grouped);
        assertTrue(caller.said.endsWith(" as java.util.Map<java.lang.String, java.util.List<java.lang.Integer>>"));
        assertEquals("hello", hello);
        assertEquals(11, sum + length + wide + first);
        assertNull(grouped);
    }

    @Test
    void shouldTakeProceduresWhenThereIsNoResult() {
        caller.call(Sample::touch);
        assertEquals("call touch()V [] as void", caller.said);
        caller.call(Sample::note, "x");
        assertEquals("call note(Ljava/lang/String;)V [x] as void", caller.said);
        caller.call(Sample::fail);
        assertEquals("call fail()V [] as void", caller.said);
        CompletableFuture<Void> done = caller.callAsync(Sample::note, "x");
        assertEquals("callAsync note(Ljava/lang/String;)V [x] as void", caller.said);
        assertNull(done.join());
    }

    @Test
    void shouldNotCountTheChildContextAmongTheArguments() {
        String text = caller.call(Sample::inChild, "x");
        assertTrue(caller.said.contains("inChild(Lio/mitogen/core/call/ChildContext;Ljava/lang/String;)"), caller.said);
        assertTrue(caller.said.endsWith(" [x] as class java.lang.String with a child"), caller.said);
        caller.call(Sample::voidInChild, 1);
        assertTrue(caller.said.endsWith(" [1] as void with a child"), caller.said);
        caller.callNoReply(Sample::voidInChild, 1);
        assertTrue(caller.said.startsWith("callNoReply voidInChild("), caller.said);
        CompletableFuture<String> later = caller.callAsync(Sample::inChild, "x");
        assertNull(text);
        assertNull(later.join());
    }

    @Test
    void shouldTakeLambdas() {
        int captured = Integer.parseInt("4");
        caller.result = 8;
        int product = caller.call(() -> captured * 2);
        assertTrue(caller.said.endsWith(" [] as class java.lang.Integer capturing [4]"), caller.said);
        int sum = caller.call(() -> Sample.add(captured, 2));
        caller.result = null;
        caller.call(() -> Sample.touch());
        assertTrue(caller.said.endsWith(" [] as void"), caller.said);
        caller.call(() -> {
            Sample.touch();
        });
        assertTrue(caller.said.endsWith(" [] as void"), caller.said);
        caller.call((Integer a, Integer b) -> a * b, 1, 2);
        assertTrue(caller.said.endsWith(" [1, 2] as class java.lang.Integer"), caller.said);
        caller.call((a, b) -> a * b, 1, 2);
        assertTrue(caller.said.endsWith(" [1, 2] as class java.lang.Integer"), caller.said);
        caller.call((ChildContext child) -> child.toString());
        assertTrue(caller.said.endsWith(" as class java.lang.String with a child"), caller.said);
        CompletableFuture<Integer> later = caller.callAsync(() -> captured * 2);
        assertNull(later.join());
        caller.callNoReply(() -> Sample.add(captured, 2));
        assertTrue(caller.said.startsWith("callNoReply lambda$"), caller.said);
        assertEquals(16, product + sum);
    }

    @Test
    void shouldTakeOverloadedAndVarargsMethodsWhenCast() {
        String over = caller.call((Remote.Fn1<String, String>) Sample::over, "a");
        assertTrue(caller.said.startsWith("call over(Ljava/lang/String;)Ljava/lang/String; [a]"), caller.said);
        caller.result = 6;
        int sum = caller.call((Remote.Fn3<Integer, Integer, Integer, Integer>) Sample::sum, 1, 2, 3);
        assertTrue(caller.said.endsWith(" [1, 2, 3] as class java.lang.Integer"), caller.said);
        assertNull(over);
        assertEquals(6, sum);
    }

    @Test
    void shouldTakeNamesAndArgumentsOfAnyNumber() {
        caller.call("com.acme.Facts", "uptime");
        assertEquals("call uptime [] as class java.lang.Object", caller.said);
        caller.callAsync("com.acme.Facts", "add(II)I", 1, 2);
        assertEquals("callAsync add(II)I [1, 2] as class java.lang.Object", caller.said);
        caller.callNoReply("com.acme.Facts", "set", "a", null);
        assertEquals("callNoReply set [a, null] as class java.lang.Object", caller.said);
    }

    @Test
    void shouldNotCompileWhenTheCompilerCannotTell(@TempDir Path dir) throws Exception {
        assertEquals("", javac(dir, "context.call(Sample2::plain, 1);"));
        assertEquals("", javac(dir, "int i = context.call(Sample2::plain, 1); context.call(Sample2::nothing);"));
        assertEquals("", javac(dir, "context.callNoReply(Sample2::plain, 1);"));
        assertEquals("", javac(dir, "context.call((Integer a) -> Sample2.plain(a), 1);"));
        assertTrue(javac(dir, "context.call(Sample2::over, 1);").contains("ambiguous"));
        assertTrue(javac(dir, "context.call(a -> Sample2.plain(a), 1);").contains("ambiguous"));
        assertNotEquals("", javac(dir, "context.call(Sample2::plain, \"x\");"));
        assertNotEquals("", javac(dir, "String s = context.call(Sample2::plain, 1);"));
        assertNotEquals("", javac(dir, "int i = context.call(Sample2::nothing);"));
        assertNotEquals("", javac(dir, "context.call(Sample2::plain);"));
        assertNotEquals("", javac(dir, "context.callNoReply(() -> 5);"));
    }

    private static String javac(Path dir, String statement) throws Exception {
        String source = "class Program { static void main(io.mitogen.core.call.Context context) { " + statement + " } }"
                + "class Sample2 { static int plain(int a) { return a; } static void nothing() {}"
                + " static int over(int a) { return a; } static int over(long a) { return 1; } }";
        Path file = Files.writeString(dir.resolve("Program.java"), source);
        URI classes =
                Caller.class.getProtectionDomain().getCodeSource().getLocation().toURI();
        StringWriter output = new StringWriter();
        ToolProvider compiler = ToolProvider.findFirst("javac").orElseThrow();
        int code = compiler.run(
                new PrintWriter(output),
                new PrintWriter(output),
                "-proc:none",
                "-cp",
                Path.of(classes).toString(),
                "-d",
                dir.toString(),
                file.toString());
        assertEquals(code != 0, output.toString().contains("error:"), output.toString());
        return output.toString();
    }

    /** Says what it was asked to call, and calls nothing. */
    private static final class FakeCaller extends Caller {
        private String said;
        private @Nullable Object result;

        private void say(String how, Callee callee, Object[] arguments) {
            RemoteMethod method = (RemoteMethod) callee;
            said = how + " " + method.signature() + " " + Arrays.asList(arguments) + " as " + method.returnType()
                    + (method.takesChild() ? " with a child" : "")
                    + (method.captured().isEmpty() ? "" : " capturing " + method.captured());
        }

        @Override
        @Nullable
        Object invoke(Callee callee, Object[] arguments) {
            say("call", callee, arguments);
            return result;
        }

        @Override
        CompletableFuture<Object> invokeAsync(Callee callee, Object[] arguments) {
            say("callAsync", callee, arguments);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        void invokeNoReply(Callee callee, Object[] arguments) {
            say("callNoReply", callee, arguments);
        }
    }
}
