// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.pickle.Kwargs;
import io.mitogen.core.pickle.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How functions of Python are named, and which names are refused with what advice. */
class PythonFunctionTest {
    private static final Object[] NONE = {};

    private static String refusal(Executable attempt) {
        return assertThrows(BadTargetException.class, attempt).getMessage();
    }

    @Test
    void shouldNameFunctionsAndMethodsOfClasses() {
        PythonFunction<Object> join = PythonFunction.of("os.path", "join");
        PythonFunction<Object> create = PythonFunction.of("mypkg.facts", "Facts", "create");

        assertEquals("os.path.join", join.toString());
        assertEquals("mypkg.facts.Facts.create", create.toString());
        assertEquals(
                Tuple.of(null, "os.path", null, "join", Tuple.of("a", "b"), Kwargs.of()),
                join.call(null, new Object[] {"a", "b"}));
        assertEquals(
                Tuple.of("0-1", "mypkg.facts", "Facts", "create", Tuple.of(), Kwargs.of()), create.call("0-1", NONE));
    }

    @Test
    void shouldAddKeywordArgumentsToCopies() {
        PythonFunction<Object> plain = PythonFunction.of("m", "f");
        PythonFunction<Object> one = plain.with("a", 1);
        PythonFunction<Object> two = one.with("b", null).with("a", 3);

        assertEquals(Kwargs.of(), plain.call(null, NONE).get(5));
        assertEquals(Kwargs.copyOf(Map.of("a", 1)), one.call(null, NONE).get(5));
        Map<?, ?> both = (Map<?, ?>) two.call(null, NONE).get(5);
        assertEquals("Kwargs({a=3, b=null})", both.toString());
    }

    @Test
    void shouldKeepKeywordArgumentsOutOfItsName() {
        assertEquals(
                "m.f", PythonFunction.of("m", "f").with("password", "hunter2").toString());
    }

    @Test
    void shouldRememberWhatTheResultBecomes() {
        PythonFunction<Object> plain = PythonFunction.of("m", "f");
        PythonFunction<Integer> number = plain.with("a", 1).returning(Integer.class);

        assertEquals(Object.class, plain.returnType());
        assertEquals(Integer.class, number.returnType());
        assertEquals(Integer.class, number.with("b", 1).returnType());
        assertEquals(Kwargs.copyOf(Map.of("a", 1)), number.call(null, NONE).get(5));
        for (Class<?> type : List.of(int.class, List.class, Map.class, byte[].class, String[].class, Tuple.class)) {
            assertEquals(type, plain.returning(type).returnType());
        }
        assertEquals(void.class, plain.returning(Void.class).returnType());
    }

    @Test
    void shouldRefuseResultsThatNoValueCanBecome() {
        record Point(int x) {}
        for (Class<?> type : List.of(Set.class, Instant.class, Point.class, Thread.State.class)) {
            String refusal = refusal(() -> PythonFunction.of("m", "f").returning(type));
            assertTrue(refusal.startsWith("the result of m.f in Python can never become a " + type.getName()), refusal);
            assertTrue(refusal.contains("List or Map, and make a " + type.getSimpleName() + " of that here"), refusal);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"_", "_private", "__init__", "x1", "größe", "名前", "\ud835\udc9c"})
    void shouldTakeEveryIdentifierOfPython(String name) {
        assertEquals(name + "." + name, PythonFunction.of(name, name).toString());
        PythonFunction.of("a." + name + ".b", name, name).with(name, 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "1a", "a b", "a-b", "a$b", "a\n", "a/b", "x\u0000", "\ud800"})
    void shouldRefuseWhatIsNoIdentifier(String name) {
        refusal(() -> PythonFunction.of(name, "f"));
        refusal(() -> PythonFunction.of("a." + name, "f"));
        refusal(() -> PythonFunction.of("m", name));
        refusal(() -> PythonFunction.of("m", name, "f"));
        refusal(() -> PythonFunction.of("m", "C", name));
        refusal(() -> PythonFunction.of("m", "f").with(name, 1));
    }

    @Test
    void shouldTellHowToSplitANameInOneString() {
        String remedy = "write of(\"os.path\", \"join\") if os.path is a module,"
                + " of(\"os\", \"path\", \"join\") if it is a class";
        assertEquals(
                "\"os.path.join\" is no name of a Python module and function in one: " + remedy,
                refusal(() -> PythonFunction.of("os.path.join", "")));
        assertEquals(
                "\"path.join\" is no name of a Python function: " + remedy,
                refusal(() -> PythonFunction.of("os", "path.join")));
        assertEquals(
                "\"os.path.join\" is no name of a Python function: " + remedy,
                refusal(() -> PythonFunction.of("os.path", "os.path.join")));
        assertEquals(
                "\"os.getpid\" is no name of a Python module and function in one:"
                        + " write of(\"os\", \"getpid\") if os is a module",
                refusal(() -> PythonFunction.of("os.getpid", "")));
    }

    @Test
    void shouldTellWhatToDoAboutLambdasAndInnerFunctions() {
        for (String name : List.of("lambda x: x", "<lambda>", "outer.<locals>.inner")) {
            assertEquals(
                    "\"" + name + "\" is no name of a Python function: a lambda, or a function inside another, has no"
                            + " name by which a context could find it: define it in a module, with def",
                    refusal(() -> PythonFunction.of("m", name)));
        }
    }

    @Test
    void shouldTellWhatElseIsWrongWithAName() {
        assertTrue(refusal(() -> PythonFunction.of("os", "getpid()")).contains("write it without parentheses"));
        assertTrue(refusal(() -> PythonFunction.of(".facts", "f")).contains("write the full name"));
        assertTrue(refusal(() -> PythonFunction.of("os..path", "f")).contains("as after import, like os.path"));
        assertTrue(
                refusal(() -> PythonFunction.of("m", "A.B", "f")).contains("write a function of module m that calls"));
        assertTrue(refusal(() -> PythonFunction.of("m", "f").with("a b", 1)).contains("keyword argument of m.f"));
    }
}
