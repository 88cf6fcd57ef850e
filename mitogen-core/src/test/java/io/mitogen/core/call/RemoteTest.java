// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which calls the compiler can tell apart. That this class compiles is most of the test. */
class RemoteTest {
    @Test
    void shouldPreferTheResultWhenAMethodReturnsOne() {
        int sum = Caller.call(Sample::add, 1, 2);
        String hello = Caller.call(Sample::hello);
        int length = Caller.call(String::length, "abc");
        long wide = Caller.call(Sample::widen, 1L, 2.0);
        List<Long> longs = Caller.call(Sample::longs, List.of(1L));
        assertEquals("Fn2 add(II)I", Caller.last(() -> Caller.call(Sample::add, 1, 2)));
        assertEquals("Fn0 hello()Ljava/lang/String;", Caller.last(() -> Caller.call(Sample::hello)));
        assertEquals("Fn1 length()I", Caller.last(() -> Caller.call(String::length, "abc")));
        assertEquals(0, sum + length + (int) wide);
        assertEquals(null, hello);
        assertEquals(null, longs);
    }

    @Test
    void shouldTakeProceduresWhenThereIsNoResult() {
        assertEquals("Proc0 touch()V", Caller.last(() -> Caller.call(Sample::touch)));
        assertEquals("Proc1 note(Ljava/lang/String;)V", Caller.last(() -> Caller.call(Sample::note, "x")));
        assertEquals("Proc0 fail()V", Caller.last(() -> Caller.call(Sample::fail)));
    }

    @Test
    void shouldNotCountTheChildContextAmongTheArguments() {
        String text = Caller.call(Sample::inChild, "x");
        assertEquals(null, text);
        assertTrue(Caller.last(() -> Caller.call(Sample::inChild, "x")).startsWith("ChildFn1 inChild("));
        assertTrue(Caller.last(() -> Caller.call(Sample::voidInChild, 1)).startsWith("ChildProc1 voidInChild("));
    }

    @Test
    void shouldTakeLambdasWithoutParameters() {
        int captured = LONG.length();
        int product = Caller.call(() -> captured * 2);
        assertEquals(0, product);
        assertTrue(Caller.last(() -> Caller.call(() -> captured * 2)).startsWith("Fn0 "));
        assertTrue(Caller.last(() -> Caller.call(() -> Sample.add(captured, 2))).startsWith("Fn0 "));
        assertTrue(Caller.last(() -> Caller.call(() -> Sample.touch())).startsWith("Proc0 "));
        assertTrue(Caller.last(() -> Caller.call(() -> {
                    Sample.touch();
                }))
                .startsWith("Proc0 "));
        assertTrue(Caller.last(() -> Caller.call((Integer a, Integer b) -> a * b, 1, 2))
                .startsWith("Fn2 "));
        assertTrue(Caller.last(() -> Caller.call((ChildContext child) -> child.toString()))
                .startsWith("ChildFn0 "));
        assertTrue(Caller.last(() -> Caller.call((a, b) -> a * b, 1, 2)).startsWith("Fn2 "));
    }

    @Test
    void shouldTakeOverloadedAndVarargsMethodsWhenCast() {
        String over = Caller.call((Remote.Fn1<String, String>) Sample::over, "a");
        int sum = Caller.call((Remote.Fn3<Integer, Integer, Integer, Integer>) Sample::sum, 1, 2, 3);
        assertEquals(null, over);
        assertEquals(0, sum);
        assertEquals(
                "Fn1 over(Ljava/lang/String;)Ljava/lang/String;",
                Caller.last(() -> Caller.call((Remote.Fn1<String, String>) Sample::over, "a")));
    }

    @Test
    void shouldNotCompileWhenTheCompilerCannotTell(@TempDir Path dir) throws Exception {
        assertEquals("", javac(dir, "Caller.call(Sample2::plain, 1);"));
        assertTrue(javac(dir, "Caller.call(Sample2::over, 1);").contains("ambiguous"));
        assertTrue(javac(dir, "Caller.call(a -> Sample2.plain(a), 1);").contains("ambiguous"));
        assertNotEquals("", javac(dir, "Caller.call(Sample2::plain, \"x\");"));
        assertNotEquals("", javac(dir, "String s = Caller.call(Sample2::plain, 1);"));
        assertNotEquals("", javac(dir, "Caller.call(Sample2::plain);"));
    }

    private static final String LONG = "four";

    private static String javac(Path dir, String statement) throws Exception {
        String source = "import io.mitogen.core.call.Remote;"
                + "class Program { static void main() throws Exception { " + statement + " } }"
                + "class Sample2 { static int plain(int a) { return a; }"
                + " static int over(int a) { return a; } static int over(long a) { return 1; } }"
                + "class Caller { static <A, R> R call(Remote.Fn1<A, R> f, A a) { return null; }"
                + " static <A> void call(Remote.Proc1<A> f, A a) {}"
                + " static <R> R call(Remote.Fn0<R> f) { return null; }"
                + " static <A, R> R call(Remote.ChildFn1<A, R> f, A a) { return null; }"
                + " static <A> void call(Remote.ChildProc1<A> f, A a) {} }";
        Path file = Files.writeString(dir.resolve("Program.java"), source);
        URI classes =
                Remote.class.getProtectionDomain().getCodeSource().getLocation().toURI();
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

    /** The overloads a context will have. Results are null or zero: nothing is called. */
    @SuppressWarnings("overloads")
    private static final class Caller {
        private static String said;

        static String last(Runnable call) {
            call.run();
            return said;
        }

        @SuppressWarnings("unchecked")
        private static <R> R say(String kind, java.io.Serializable function) {
            RemoteMethod method = RemoteMethod.of(function);
            said = kind + " " + method.signature();
            Object zero = method.returnType() == int.class || method.returnType() == Integer.class ? (Object) 0 : null;
            return (R) (method.returnType() == long.class ? (Object) 0L : zero);
        }

        static <R> R call(Remote.Fn0<R> function) {
            return say("Fn0", function);
        }

        static <A, R> R call(Remote.Fn1<A, R> function, A a) {
            return say("Fn1", function);
        }

        static <A, B, R> R call(Remote.Fn2<A, B, R> function, A a, B b) {
            return say("Fn2", function);
        }

        static <A, B, C, R> R call(Remote.Fn3<A, B, C, R> function, A a, B b, C c) {
            return say("Fn3", function);
        }

        static void call(Remote.Proc0 function) {
            say("Proc0", function);
        }

        static <A> void call(Remote.Proc1<A> function, A a) {
            say("Proc1", function);
        }

        static <A, B> void call(Remote.Proc2<A, B> function, A a, B b) {
            say("Proc2", function);
        }

        static <A, B, C> void call(Remote.Proc3<A, B, C> function, A a, B b, C c) {
            say("Proc3", function);
        }

        static <R> R call(Remote.ChildFn0<R> function) {
            return say("ChildFn0", function);
        }

        static <A, R> R call(Remote.ChildFn1<A, R> function, A a) {
            return say("ChildFn1", function);
        }

        static <A, B, R> R call(Remote.ChildFn2<A, B, R> function, A a, B b) {
            return say("ChildFn2", function);
        }

        static void call(Remote.ChildProc0 function) {
            say("ChildProc0", function);
        }

        static <A> void call(Remote.ChildProc1<A> function, A a) {
            say("ChildProc1", function);
        }

        static <A, B> void call(Remote.ChildProc2<A, B> function, A a, B b) {
            say("ChildProc2", function);
        }
    }
}
