// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.load.TestCompiler;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ConstantPoolTest {
    @TempDir
    static Path folder;

    @BeforeAll
    static void compile() {
        String[] others = {
            "Base",
            "InArray",
            "InCall",
            "InField",
            "InSignature",
            "InLambda",
            "Thrown",
            "InNested",
            "InMark",
            "InLiteral"
        };
        for (String other : others) {
            String superclass = other.equals("Thrown") ? " extends RuntimeException" : "";
            TestCompiler.write(folder, "p/" + other + ".java", "package p; public class " + other + superclass + " {}");
        }
        TestCompiler.write(folder, "p/Iface.java", "package p; public interface Iface { void run(InLambda l); }");
        TestCompiler.write(folder, "p/Mark.java", "package p; @interface Mark { Class<?> value(); }");
        TestCompiler.write(folder, "p/Calls.java", "package p; class Calls { static void take(InCall c) {} }");
        TestCompiler.write(folder, "p/User.java", """
                package p;
                abstract class User extends Base implements java.io.Serializable {
                    static final long WIDE = 1L << 40;
                    static final double DOUBLE = 3.25;
                    @Mark(InMark.class) InField field;
                    abstract int[] sign(long a, InSignature[][] b);
                    long use() {
                        Object array = new InArray[2][3];
                        Calls.take(null);
                        Iface iface = l -> {};
                        if (array == null) { throw new Thrown(); }
                        if (array == InLiteral.class || array == int.class || array == "a text") { return 0; }
                        return WIDE + (long) DOUBLE;
                    }
                    static class Nested { InNested x; }
                }
                """);
        TestCompiler.compile(folder, folder);
    }

    @Test
    void shouldNameEveryClassThatCodeAndMembersMention() throws Exception {
        Set<String> names = ConstantPool.of(bytes("User")).references();

        for (String each :
                "User Base InArray InCall InField InSignature InLambda Iface Calls Thrown Mark InMark User$Nested"
                        .split(" ")) {
            assertTrue(names.contains("p/" + each), each + " not in " + names);
        }
        assertTrue(names.contains("java/io/Serializable"), names.toString());
        assertFalse(names.contains("p/InNested"), "only its nested class names it: " + names);
        assertTrue(names.stream().noneMatch(name -> name.contains(";") || name.startsWith("[")), names.toString());
    }

    @Test
    void shouldNameSupertypesFirst() throws Exception {
        Iterator<String> names = ConstantPool.of(bytes("User")).references().iterator();
        assertEquals("p/User", names.next());
        assertEquals("p/Base", names.next());
        assertEquals("java/io/Serializable", names.next());
    }

    @Test
    void shouldKnowWhatMayHaveProviders() throws Exception {
        assertTrue(ConstantPool.of(bytes("User")).mayHaveProviders());
        assertTrue(ConstantPool.of(bytes("Iface")).mayHaveProviders());
        assertFalse(ConstantPool.of(bytes("Base")).mayHaveProviders());
        assertFalse(ConstantPool.of(bytes("Mark")).mayHaveProviders(), "annotations have none");
    }

    @Test
    void shouldTellTheClassesAndTextsThatAreTakenAsValues() throws Exception {
        ConstantPool pool = ConstantPool.of(bytes("User"));
        assertTrue(pool.literals().contains("p/InLiteral"), pool.literals().toString());
        assertFalse(pool.literals().contains("p/InCall"), "named, but not as a value: " + pool.literals());
        assertEquals(Set.of("a text"), pool.texts());
    }

    @Test
    void shouldTakeWhatItCanOfAClassFileCutAnywhere() throws Exception {
        byte[] whole = bytes("User");
        Set<String> all = ConstantPool.of(whole).references();
        for (int length = 0; length < whole.length; length++) {
            Set<String> some = ConstantPool.of(Arrays.copyOf(whole, length)).references();
            assertTrue(all.containsAll(some), length + ": " + some);
        }
    }

    private static byte[] bytes(String name) throws IOException {
        return Files.readAllBytes(folder.resolve("p/" + name + ".class"));
    }

    /** Where the name is made anew for each instruction, this takes minutes. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldDecodeANameOnceWhenManyInstructionsUseIt() throws IOException {
        String name = "p/" + "x".repeat(65_000);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream file = new DataOutputStream(bytes);
        file.writeInt(0xcafebabe);
        file.writeInt(61);
        file.writeShort(5); // constants
        file.writeByte(1);
        file.writeUTF(name);
        file.writeByte(7);
        file.writeShort(1);
        file.writeByte(1);
        file.writeUTF("Code");
        file.writeByte(1);
        file.writeUTF("()V");
        for (int value : new int[] {0, 2, 0, 0, 0, 1, 0, 3, 4, 1, 3}) { // one method with one attribute
            file.writeShort(value);
        }
        byte[] code = new byte[8 << 20];
        for (int at = 0; at < code.length; at += 2) {
            code[at] = 0x12; // ldc
            code[at + 1] = 2;
        }
        file.writeInt(code.length);
        file.write(code);
        file.writeShort(0);

        assertEquals(Set.of(name), ConstantPool.of(bytes.toByteArray()).literals());
    }
}
