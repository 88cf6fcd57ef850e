// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** What is left out, and what must not be. */
class PythonMinifierTest {
    private static void assertMinified(String expected, String source) {
        assertEquals(expected, PythonMinifier.minify(source));
    }

    @Test
    void shouldDropCommentsButNotTheirLines() {
        assertMinified("\n\n\nx = 1\n\n\ny\n", "\n\n# one\nx = 1  # two\n# three\n  # four\ny\n");
    }

    @Test
    void shouldKeepWhatMayDeclareTheEncoding() {
        assertMinified("#!/usr/bin/python\n# coding: utf-8\n\n", "#!/usr/bin/python\n# coding: utf-8\n# else\n");
    }

    @Test
    void shouldReplaceDocumentationByAnEmptyStatementOfAsManyLines() {
        assertMinified(
                "def f():\n    ''\n\n    return 1\n", "def f():\n    \"\"\"Does it,\n    soon.\"\"\"\n    return 1\n");
        assertMinified("''", "'only'");
    }

    @Test
    void shouldKeepStringsThatAreValues() {
        for (String source : new String[] {
            "\n\nf = lambda: 'text'\n",
            "\n\nx = '# no comment'\n",
            "\n\nx = [\n'first',\n'second'\n]\n",
            "\n\n'%s' % x\n",
            "\n\nx = \\\n'text'\n",
            "\n\nif x: 'y'\n",
            "\n\nd = {1:\n'one'}\n",
            "\n\nr'''raw'''\n",
            "\n\nx = '''a\n# b\n'''\n",
        }) {
            assertMinified(source, source);
        }
    }

    @Test
    void shouldDropCommentsWithinBrackets() {
        assertMinified("\n\nx = [ \n1,  \n2]\n", "\n\nx = [ # why\n1, # one\n2]\n".replace("1, # one", "1,  # one"));
    }
}
