// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.pickle.Kwargs;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MethodTableTest {
    private static final String SAMPLE = "io.mitogen.core.call.Sample";

    private final ChildContext child = new ChildContext(null, null, null, null);
    private final MethodTable table = new MethodTable(MethodTableTest.class.getClassLoader());

    @BeforeEach
    void forget() {
        Sample.LOG.clear();
    }

    private Object call(String function, Object... arguments) throws Throwable {
        return table.call(SAMPLE, function, arguments, Kwargs.of(), child, true);
    }

    private Object call(Serializable function, Object... arguments) throws Throwable {
        RemoteMethod method = RemoteMethod.of(function);
        List<Object> all = new ArrayList<>(method.captured());
        all.addAll(Arrays.asList(arguments));
        return table.call(method.className(), method.signature(), all.toArray(), Kwargs.of(), child, true);
    }

    private String refusal(String className, String function, Object... arguments) {
        return assertThrows(
                        BadTargetException.class,
                        () -> table.call(className, function, arguments, Kwargs.of(), child, true))
                .getMessage();
    }

    private static List<Object> list(Object... items) {
        return new ArrayList<>(Arrays.asList(items));
    }

    @Test
    void shouldRunWhatWasReferredTo() throws Throwable {
        assertEquals(3, call((Remote.Fn2<Integer, Integer, Integer>) Sample::add, 1, 2));
        assertEquals(3L, call((Remote.Fn2<Long, Double, Long>) Sample::widen, 1, 2));
        assertEquals(List.of(2L), call((Remote.Fn1<List<Long>, List<Long>>) Sample::longs, list(1)));
        assertEquals(3, call((Remote.Fn1<String, Integer>) String::length, "abc"));
        assertEquals(2, call((Remote.Fn1<List<Integer>, Integer>) List::size, list(1, 2)));
        assertEquals("ff", call((Remote.Fn1<Integer, String>) Integer::toHexString, 255));
        assertEquals(6, call((Remote.Fn3<Integer, Integer, Integer, Integer>) Sample::sum, 1, 2, 3));
        assertEquals("long", call((Remote.Fn1<Long, String>) MethodTableTest::onlyLong, 1));
        assertNull(call((Remote.Proc1<String>) Sample::note, "text"));
        assertEquals(List.of("text"), Sample.LOG);
    }

    private static String onlyLong(long number) {
        return "long";
    }

    @Test
    void shouldGiveLambdasTheirCapturedValuesFirst() throws Throwable {
        int factor = 3;
        short small = (short) Sample.add(1, 1);
        char letter = "x".charAt(0);
        assertEquals("15x2", call((Remote.Fn1<Integer, String>) a -> a * factor + "" + letter + small, 5));
        RemoteMethod method = RemoteMethod.of((Remote.Fn1<Integer, String>) a -> "" + letter + small + a);
        assertEquals(
                "x25",
                table.call(method.className(), method.signature(), new Object[] {"x", 2, 5}, Kwargs.of(), child, true));
    }

    @Test
    void shouldSupplyTheChildContextWhereverItIsDeclared() throws Throwable {
        assertEquals("child x", call((Remote.ChildFn1<String, String>) Sample::inChild, "x"));
        assertEquals("child x", call("inChild", "x"));
        assertEquals("1+2", call("childInTheMiddle", 1, 2));
        int captured = Sample.add(1, 2);
        Remote.ChildFn1<Integer, List<Object>> lambda = (here, a) -> List.of(captured, here, a);
        assertEquals(List.of(3, child, 4), call(lambda, 4));
    }

    @Test
    void shouldChooseTheOverloadTheCompilerWould() throws Throwable {
        assertEquals("int", call("over", 5));
        assertEquals("long", call("over", 5L));
        assertEquals("double", call("over", 5.0));
        assertEquals("String", call("over", "a"));
        assertEquals("List", call("over", list("a")));
        assertEquals("int[]", call("over", list(1)));
        assertEquals("Object", call("over", true));
        assertEquals("int, int...", call("over", 1, 2));
        assertEquals("short", call("small", 5));
        assertEquals("int", call("boxed", 5));
        assertEquals("Integer", call("boxed", (Object) null));
        assertEquals("short", call("over(S)Ljava/lang/String;", 5));
        assertEquals("List", call("apart", list(1)));
        assertEquals(3, table.call("java.lang.Math", "max", new Object[] {3, 2}, Kwargs.of(), child, true));
        assertEquals(3L, table.call("java.lang.Math", "max", new Object[] {3L, 2}, Kwargs.of(), child, true));
    }

    @Test
    void shouldListTheCandidatesWhenSeveralFitEquallyWell() {
        String torn = refusal(SAMPLE, "torn", 1, 2);
        assertTrue(torn.startsWith("(java.lang.Integer, java.lang.Integer) fit equally well "), torn);
        assertTrue(torn.contains("Sample.torn(int, long)") && torn.contains("Sample.torn(long, int)"), torn);
        String apart = refusal(SAMPLE, "apart", (Object) null);
        assertTrue(apart.contains("Sample.apart(java.lang.String)"), apart);
        String none = refusal(SAMPLE, "apart", 5);
        assertTrue(none.startsWith("no overload takes (java.lang.Integer): "), none);
        assertTrue(none.contains("Sample.apart(java.util.List)"), none);
    }

    @Test
    void shouldSpreadVarargsWhenCalledByName() throws Throwable {
        assertEquals(0, call("sum"));
        assertEquals(1, call("sum", 1));
        assertEquals(6, call("sum", 1, 2, 3));
        assertEquals(6, call("sum", list(1, 2, 3)));
        assertEquals("-1-a", call("join", "-", 1, "a"));
        assertEquals("-1-a", call("join", "-", list(1, "a")));
        assertEquals("", call("join", "-"));
        assertEquals(
                "args[1]: 4294967296 does not fit in int",
                assertThrows(ConversionException.class, () -> call("sum", 1, 1L << 32))
                        .getMessage());
        assertEquals(
                SAMPLE + ".join(java.lang.String, java.lang.Object...) takes at least 1 argument, 0 were given",
                refusal(SAMPLE, "join"));
    }

    @Test
    void shouldNameTheArgumentWhenItDoesNotConvert() {
        assertEquals(
                "args[1]: expected int, found java.lang.String",
                assertThrows(ConversionException.class, () -> call("add", 1, "x"))
                        .getMessage());
        assertEquals(
                "args[0][1]: expected java.lang.Long, found java.lang.String",
                assertThrows(ConversionException.class, () -> call("longs", list(1, "x")))
                        .getMessage());
        assertEquals(
                "args[0]: a java.util.Set never travels; found java.util.ArrayList",
                assertThrows(ConversionException.class, () -> call("set", list()))
                        .getMessage());
    }

    @Test
    void shouldCountTheArguments() {
        assertEquals(SAMPLE + ".add(int, int) takes 2 arguments, 1 was given", refusal(SAMPLE, "add", 1));
        assertEquals(SAMPLE + ".add(int, int) takes 2 arguments, 3 were given", refusal(SAMPLE, "add(II)I", 1, 2, 3));
        assertEquals(
                "args[0]: null cannot be the receiver of java.lang.String.length()",
                assertThrows(
                                ConversionException.class,
                                () -> table.call(
                                        "java.lang.String", "length()I", new Object[] {null}, Kwargs.of(), child, true))
                        .getMessage());
    }

    @Test
    void shouldPassKeywordsOnlyToWhoDeclaresThem() throws Throwable {
        Kwargs kwargs = Kwargs.copyOf(Map.of("colour", "red"));
        assertEquals(6, table.call(SAMPLE, "kwargs", new Object[] {5}, kwargs, child, true));
        assertEquals(5, call("kwargs", 5));
        assertEquals(6, call("kwargs", 5, kwargs));
        assertEquals(
                SAMPLE + ".add(int, int) takes no keyword arguments, but was given [colour]:"
                        + " give them by position, or declare Kwargs as the last parameter",
                assertThrows(
                                BadTargetException.class,
                                () -> table.call(SAMPLE, "add", new Object[] {1, 2}, kwargs, child, true))
                        .getMessage());
    }

    @Test
    void shouldSayWhatIsMissing() {
        String noClass = refusal("com.acme.Main", "lambda$main$0()V");
        assertTrue(
                noClass.startsWith("cannot call com.acme.Main.lambda$main$0()V: class com.acme.Main was not found ("));
        assertEquals("cannot call " + SAMPLE + ".addd: no such method; it has add", refusal(SAMPLE, "addd"));
        assertEquals("cannot call " + SAMPLE + ".TOUCH: no such method; it has touch", refusal(SAMPLE, "TOUCH"));
        String all = refusal(SAMPLE, "xyz");
        assertTrue(all.contains("no such method; it has add, apart, boxed, ") && all.endsWith(" more"), all);
        assertEquals(
                "cannot call " + SAMPLE + ".add(JJ)J: the class here has only add(int, int);"
                        + " is it another version of the caller's?",
                refusal(SAMPLE, "add(JJ)J", 1, 2));
        assertEquals(
                "cannot call " + SAMPLE + ".instance: instance(int) is an instance method: make it static",
                refusal(SAMPLE, "instance", 1));
        assertTrue(refusal(SAMPLE, "").contains("no such method; it has "));
        assertEquals(
                "cannot call java.lang.Runnable.go: no such method; it has no static method",
                refusal("java.lang.Runnable", "go"));
    }

    @Test
    void shouldSayWhichClassIsMissingWhenASignatureNamesIt() {
        ClassLoader partial = new ClassLoader(null) {
            @Override
            protected Class<?> findClass(String name) throws ClassNotFoundException {
                if (!name.equals(SAMPLE)) {
                    throw new ClassNotFoundException(name + " is not shipped");
                }
                try (java.io.InputStream in = Sample.class.getResourceAsStream("Sample.class")) {
                    byte[] bytes = in.readAllBytes();
                    return defineClass(name, bytes, 0, bytes.length);
                } catch (IOException unreadable) {
                    throw new ClassNotFoundException(name, unreadable);
                }
            }
        };
        String message = assertThrows(BadTargetException.class, () -> new MethodTable(partial)
                        .call(SAMPLE, "hello", new Object[0], Kwargs.of(), child, true))
                .getMessage();
        assertTrue(message.contains("a class named by a method of " + SAMPLE + " was not found: io/mitogen/"), message);
    }

    @Test
    void shouldThrowWhatTheMethodThrew() {
        assertEquals(
                "disk on fire",
                assertThrows(IOException.class, () -> call("fail")).getMessage());
        assertEquals(
                "dead", assertThrows(AssertionError.class, () -> call("die")).getMessage());
    }

    @Test
    void shouldReachPrivateMethods() throws Throwable {
        assertEquals("hidden x", call("hidden", "x"));
        assertEquals("hidden x", call("hidden(C)Ljava/lang/String;", "x"));
    }

    @Test
    void shouldRefuseWhatTheJdkKeepsToItself() {
        String message = refusal("java.lang.String", "isLatin1()Z", "abc");
        assertTrue(message.contains("is not accessible: module java.base does not open java.lang to "), message);
    }

    @Test
    void shouldAskTheLoaderOnceWhenCalledAgain() throws Throwable {
        AtomicInteger asked = new AtomicInteger();
        ClassLoader counting = new ClassLoader(Sample.class.getClassLoader()) {
            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                asked.incrementAndGet();
                return super.loadClass(name, resolve);
            }
        };
        MethodTable counted = new MethodTable(counting);
        for (int i = 0; i < 3; i++) {
            assertEquals(3, counted.call(SAMPLE, "add(II)I", new Object[] {1, 2}, Kwargs.of(), child, true));
        }
        assertEquals(1, asked.get());
        assertSame(Sample.class, counting.loadClass(SAMPLE));
    }

    @Test
    void shouldGiveNumbersTheirCommonBound() throws Throwable {
        assertEquals(3, call("max", list(1, 3, 2)));
        assertEquals("b", call("max", list("a", "b")));
    }
}
