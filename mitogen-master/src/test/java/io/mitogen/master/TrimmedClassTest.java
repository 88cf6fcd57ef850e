// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectStreamClass;
import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

/** What is left of a class file must do what the whole one did. */
class TrimmedClassTest {
    /** A class whose code has operands of every length. */
    static final class Everything implements Function<Integer, String> {
        static final String CONSTANT = "a value that code has where it is used";
        private static final long LONG = 0x1234_5678_9abcL;

        @Override
        public String apply(Integer choice) {
            StringBuilder text = new StringBuilder(CONSTANT);
            for (int i = 0; i < 3_000; i += 1_000) {
                text.append(dense(choice + i)).append(sparse(choice * 1_000));
            }
            Object[][] grid = new String[choice][2];
            IntUnaryOperator twice = n -> 2 * n + choice;
            try {
                List<Object> list =
                        new ArrayList<>(List.of(LONG, 1.5, 2.5f, 'c', grid.length, Everything.class.getName()));
                text.append(list.get(choice)).append(twice.applyAsInt(7));
            } catch (IndexOutOfBoundsException e) {
                text.append(e.getMessage());
            }
            return text.append(grid instanceof Object[] ? "array" : null).toString();
        }

        private static String dense(int choice) {
            return switch (choice) {
                case 0 -> "none";
                case 1 -> "one";
                case 2 -> "two";
                case 3 -> "three";
                default -> "many";
            };
        }

        private static int sparse(int choice) {
            return switch (choice) {
                case 1_000 -> 'x';
                case 900_000 -> 70_000;
                case 5_000_000 -> -3;
                default -> choice >>> 1;
            };
        }
    }

    /** An annotation, whose class file has an attribute that no class of the core has. */
    @interface Unusual {
        String value() default "by default";
    }

    static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 77;
    }

    /** Defines trimmed classes. */
    private static final class Trimming extends ClassLoader {
        Trimming() {
            super(TrimmedClassTest.class.getClassLoader());
        }

        Class<?> define(Class<?> original) throws IOException {
            byte[] file = new TrimmedClass(fileOf(original)).toBytes();
            return defineClass(original.getName(), file, 0, file.length);
        }
    }

    @Test
    void shouldLeaveOutTheConstantsThatNothingRefersTo() throws IOException {
        List<String> texts = textsOf(new TrimmedClass(fileOf(Everything.class)));

        for (String unused :
                List.of("", "SourceFile", "TrimmedClassTest.java", "InnerClasses", "ConstantValue", "CONSTANT")) {
            assertFalse(texts.contains(unused), unused + " in " + texts);
        }
        assertTrue(texts.contains(Everything.CONSTANT), "" + texts);
    }

    @Test
    @SuppressWarnings("unchecked") // it is what Everything is
    void shouldRunAsBeforeWithOtherIndicesOfConstants() throws Exception {
        Constructor<?> constructor = new Trimming().define(Everything.class).getDeclaredConstructor();
        constructor.setAccessible(true);
        Function<Integer, String> trimmed = (Function<Integer, String>) constructor.newInstance();

        for (int choice = 0; choice < 9; choice++) {
            assertEquals(new Everything().apply(choice), trimmed.apply(choice));
        }
    }

    @Test
    void shouldKeepTheVersionOfWhatCanBeSerialized() throws Exception {
        assertEquals(
                77,
                ObjectStreamClass.lookup(new Trimming().define(Failure.class)).getSerialVersionUID());
    }

    @Test
    void shouldKeepTheIndicesWhereAnAttributeIsNotKnown() throws Exception {
        assertEquals(
                "by default",
                new Trimming().define(Unusual.class).getDeclaredMethod("value").getDefaultValue());
    }

    private static List<String> textsOf(TrimmedClass trimmed) {
        List<String> texts = new ArrayList<>();
        for (int i = 1; i < trimmed.constantCount(); i++) {
            if (trimmed.isText(i)) {
                texts.add(trimmed.text(i));
            }
        }
        return texts;
    }

    private static byte[] fileOf(Class<?> type) throws IOException {
        try (InputStream in = type.getResourceAsStream(type.getName().replaceAll(".*\\.", "") + ".class")) {
            return in.readAllBytes();
        }
    }
}
