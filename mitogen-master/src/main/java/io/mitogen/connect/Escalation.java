// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.connect;

import io.mitogen.core.pickle.Secret;
import io.mitogen.parent.MethodOptions;
import io.mitogen.parent.ProcessMethod;
import io.mitogen.parent.PythonMethod;
import io.mitogen.parent.QuestionHandler;
import java.util.List;
import java.util.Map;

/**
 * What the programs that make their user another one have in common. A value; each method returns a changed copy.
 *
 * @param <M> the method itself
 */
public abstract class Escalation<M extends Escalation<M>> extends ProcessMethod<M> {
    private final String tool;

    /** @param tool the program's usual name */
    Escalation(String tool, MethodOptions options) {
        super(options);
        this.tool = tool;
    }

    /** With the password that the program asks for. */
    public M password(Secret password) {
        return with(chosen().withSecret("password", password));
    }

    /** With somebody who answers what the password does not. */
    public M questions(QuestionHandler handler) {
        return with(chosen().withQuestionHandler(handler));
    }

    /** With the program at this path, or of this name, in place of the usual one. */
    public M path(String program) {
        return with(chosen().withWord("path", program));
    }

    /** With more arguments for the program, before the command or the account. */
    public M arguments(String... arguments) {
        return with(chosen().withMore("arguments", List.of(arguments)));
    }

    final String program() {
        return chosen().text("path", tool);
    }

    final String user() {
        return chosen().text("user");
    }

    final List<String> arguments() {
        return chosen().words("arguments");
    }

    /** Copies what all three programs have, under the names that Python Mitogen has for them. */
    @Override
    protected PythonMethod forPython(Map<String, Object> fields) {
        refuseForPython("arguments");
        chosen().copy("user", fields, "username");
        chosen().copy("password", fields, "password");
        chosen().copy("path", fields, tool + "_path");
        return new PythonMethod(tool, fields);
    }

    @Override
    public final String defaultName(long pid) {
        return tool + "." + user();
    }

    @Override
    public final String toString() {
        return Character.toUpperCase(tool.charAt(0)) + tool.substring(1) + " " + user();
    }
}
