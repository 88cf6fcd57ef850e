// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.MitogenException;
import java.io.InputStream;
import java.io.Serializable;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.SerializedLambda;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RemoteMethodTest {
    private final String field = "field";

    /** Loaded a second time, as a hidden class, by a test. */
    static final class Hideable {
        private Hideable() {}

        static Serializable lambda() {
            return (Remote.Fn0<String>) () -> "hidden";
        }

        static Serializable reference() {
            return (Remote.Fn0<String>) Sample::hello;
        }
    }

    /** Says of itself that it is a lambda of a class that is not there. */
    private static final class Nameless implements Serializable {
        private static final long serialVersionUID = 1L;

        private Object writeReplace() {
            return new SerializedLambda(
                    RemoteMethodTest.class,
                    "F",
                    "run",
                    "()V",
                    6,
                    "com/acme/Nowhere",
                    "run",
                    "()V",
                    "()V",
                    new Object[0]);
        }
    }

    private static <A, B, R> Remote.Fn2<A, B, R> fn2(Remote.Fn2<A, B, R> function) {
        return function;
    }

    private static <A, R> Remote.Fn1<A, R> fn1(Remote.Fn1<A, R> function) {
        return function;
    }

    private static <R> Remote.Fn0<R> fn0(Remote.Fn0<R> function) {
        return function;
    }

    private static String refusal(Serializable function) {
        BadTargetException refused = assertThrows(BadTargetException.class, () -> RemoteMethod.of(function));
        assertEquals(MitogenException.Blame.CALLER, refused.blame());
        return refused.getMessage();
    }

    private static void assertContains(String text, String... parts) {
        for (String part : parts) {
            assertTrue(text.contains(part), text);
        }
    }

    @Test
    void shouldNameTheMethodWhenGivenAReference() {
        RemoteMethod method = RemoteMethod.of(fn2(Sample::add));
        assertEquals("io.mitogen.core.call.Sample", method.className());
        assertEquals("add(II)I", method.signature());
        assertEquals(List.of(), method.captured());
        assertFalse(method.takesChild());
        assertEquals(int.class, method.returnType());
        assertSame(Sample.class.getClassLoader(), method.loader());
        assertEquals("io.mitogen.core.call.Sample.add(II)I", method.toString());
    }

    @Test
    void shouldKnowTheGenericResultWhenTheMethodDeclaresIt() {
        assertEquals(
                "java.util.List<java.lang.Long>",
                RemoteMethod.of(fn1(Sample::longs)).returnType().getTypeName());
        assertEquals(
                "java.util.Map<java.lang.String, java.util.List<java.lang.Integer>>",
                RemoteMethod.of(fn0(Sample::grouped)).returnType().getTypeName());
    }

    @Test
    void shouldTakeTheResultFromTheCallWhenTheMethodReturnsATypeVariable() {
        Remote.Fn1<List<Long>, Long> max = Sample::max;
        assertEquals(Long.class, RemoteMethod.of(max).returnType());
    }

    @Test
    void shouldReturnNothingWhenTheCallDropsTheResult() {
        Remote.Proc2<Integer, Integer> add = Sample::add;
        assertEquals(void.class, RemoteMethod.of(add).returnType());
    }

    @Test
    void shouldSendTheReceiverFirstWhenItsTypeTravels() {
        RemoteMethod method = RemoteMethod.of(fn1(String::length));
        assertEquals("java.lang.String", method.className());
        assertEquals("length()I", method.signature());
        assertEquals(List.of(), method.captured());
    }

    @Test
    void shouldKeepCapturedValuesWhenALambdaHasThem() {
        int number = field.length();
        List<String> list = new ArrayList<>(Collections.singletonList(null));
        String nothing = list.get(0);
        for (String text : List.of("one", "two")) {
            RemoteMethod method = RemoteMethod.of(fn1((Integer a) -> a + number + text + list + nothing));
            assertEquals(Arrays.asList(5, text, list, null), method.captured());
            assertSame(list, method.captured().get(2));
            assertTrue(method.signature().startsWith("lambda$"), method.signature());
            assertTrue(
                    method.signature()
                            .endsWith("(ILjava/lang/String;Ljava/util/List;Ljava/lang/String;Ljava/lang/Integer;)"
                                    + "Ljava/lang/String;"),
                    method.signature());
            assertThrows(
                    UnsupportedOperationException.class, () -> method.captured().clear());
        }
    }

    @Test
    void shouldSeeTheChildContextWhenItIsTheFirstParameter() {
        int number = field.length();
        Remote.ChildFn1<Integer, Integer> lambda = (child, a) -> a + number;
        Remote.ChildFn1<String, String> reference = Sample::inChild;
        assertTrue(RemoteMethod.of(lambda).takesChild());
        assertTrue(RemoteMethod.of(reference).takesChild());
    }

    @Test
    void shouldExtractOnceWhenNothingIsCaptured() {
        RemoteMethod first = null;
        for (int i = 0; i < 3; i++) {
            RemoteMethod method = RemoteMethod.of(fn2(Sample::add));
            assertTrue(first == null || first == method);
            first = method;
        }
        assertNotSame(first, RemoteMethod.of(fn2(Sample::add)));
    }

    @Test
    void shouldBridgeWhenAVarargsMethodIsReferredTo() {
        Remote.Fn2<Integer, Integer, Integer> sum = Sample::sum;
        assertTrue(RemoteMethod.of(sum).signature().startsWith("lambda$"));
    }

    @Test
    void shouldTakePublicMethodsOfTheJdk() {
        Remote.Fn2<Integer, Integer, Integer> max = Math::max;
        assertEquals("java.lang.Math.max(II)I", RemoteMethod.of(max).toString());
    }

    @Test
    void shouldRefuseWhenThisIsCaptured() {
        assertContains(
                refusal(fn0(() -> field.trim() + hashCode())),
                "the lambda io.mitogen.core.call.RemoteMethodTest.lambda$",
                "uses `this`, a io.mitogen.core.call.RemoteMethodTest",
                "local variables");
    }

    @Test
    void shouldRefuseWhenAReferenceIsBoundToAnObject() {
        Sample sample = new Sample();
        assertContains(refusal(fn1(sample::instance)), "Sample.instance is bound to an object", "static method");
        assertContains(refusal(fn0("abc"::length)), "java.lang.String.length is bound to an object");
    }

    @Test
    void shouldRefuseConstructors() {
        assertContains(refusal(fn0(Sample::new)), "the constructor of io.mitogen.core.call.Sample", "static method");
    }

    @Test
    void shouldRefuseInstanceMethodsWhenTheReceiverCannotTravel() {
        assertContains(
                refusal(fn2(Sample::instance)),
                "io.mitogen.core.call.Sample.instance is an instance method",
                "make it static");
        assertContains(refusal(fn1(Thread::getName)), "java.lang.Thread.getName is an instance method");
    }

    @Test
    void shouldRefuseObjectsOfClasses() {
        Serializable anonymous = new Remote.Fn0<String>() {
            private static final long serialVersionUID = 1L;

            @Override
            public String apply() {
                return "anonymous";
            }
        };
        assertContains(refusal(anonymous), "RemoteMethodTest$1 is a class", "Type::method");
        assertContains(refusal("text"), "java.lang.String is a class");
        assertThrows(NullPointerException.class, () -> RemoteMethod.of(null));
    }

    @Test
    void shouldRefuseCapturedValuesWhenTheyMayNotTravel() {
        String text = field.trim();
        Thread thread = Thread.currentThread();
        Object object = new Object();
        Remote.Fn0<String> lambda = () -> text + thread;
        String message = refusal(lambda);
        assertContains(
                message, " of type java.lang.Thread in io.mitogen.core.call.RemoteMethodTest.lambda$", "may not be");
        assertTrue(message.contains("captured value #2 ") || message.contains("captured variable thread "), message);
        assertEquals(message, refusal(lambda));
        assertContains(refusal(fn0(() -> object.hashCode())), "of type java.lang.Object in");
    }

    @Test
    void shouldRefuseWhenTheClassIsHidden() throws Exception {
        byte[] bytes;
        try (InputStream in = RemoteMethodTest.class.getResourceAsStream("RemoteMethodTest$Hideable.class")) {
            bytes = in.readAllBytes();
        }
        Class<?> hidden = MethodHandles.lookup().defineHiddenClass(bytes, true).lookupClass();
        Serializable lambda = (Serializable) hidden.getDeclaredMethod("lambda").invoke(null);
        Serializable reference =
                (Serializable) hidden.getDeclaredMethod("reference").invoke(null);
        assertContains(refusal(lambda), "Hideable", "its class is hidden or generated");
        assertContains(refusal(reference), "Hideable", "its class is hidden or generated");
    }

    @Test
    void shouldRefuseWhenNobodyKnowsTheClassByName() {
        assertContains(refusal(new Nameless()), "cannot call com.acme.Nowhere.run elsewhere", "hidden or generated");
    }

    @Test
    void shouldNameByWords() {
        RemoteMethod method = RemoteMethod.named("com.acme.Outer$Inner", "add");
        assertEquals("com.acme.Outer$Inner", method.className());
        assertEquals("add", method.signature());
        assertEquals(Object.class, method.returnType());
        assertFalse(method.takesChild());
        assertEquals("add(II)I", RemoteMethod.named("com.acme.Sums", "add(II)I").signature());
    }

    @Test
    void shouldRefuseAMethodThatNoArgumentFits() {
        Remote.Fn1<Set<String>, Integer> set = Sample::set;
        assertEquals(
                "cannot call io.mitogen.core.call.Sample.set elsewhere: its parameter 1 is a java.util.Set, which no value"
                        + " that arrives can become",
                assertThrows(BadTargetException.class, () -> RemoteMethod.of(set))
                        .getMessage());
        String captured = "x";
        Remote.ChildFn1<Instant, String> instant = (child, when) -> captured + when;
        String message = assertThrows(BadTargetException.class, () -> RemoteMethod.of(instant))
                .getMessage();
        assertTrue(message.contains("its parameter 2 is a java.time.Instant"), message);
    }

    @Test
    void shouldRefuseWhatIsNoName() {
        for (String name : List.of("", " ", "com/acme/Sums", "com.acme.Sums.class")) {
            assertContains(
                    assertThrows(BadTargetException.class, () -> RemoteMethod.named(name, "add"))
                            .getMessage(),
                    "\"" + name + "\" is no class name");
        }
        for (String name : List.of("", "(II)I", "Sums.add")) {
            assertContains(
                    assertThrows(BadTargetException.class, () -> RemoteMethod.named("com.acme.Sums", name))
                            .getMessage(),
                    "\"" + name + "\" is no method name");
        }
    }
}
