// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import io.mitogen.core.Nullable;
import io.mitogen.core.pickle.Kwargs;
import io.mitogen.core.pickle.Tuple;
import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Names a function for a Python context, with the keyword arguments it is given and the type its result is to have.
 *
 * <pre>{@code
 * Object pid = context.call(PythonFunction.of("os", "getpid"));
 * int sum = context.call(PythonFunction.of("operator", "add").returning(Integer.class), 1, 2);
 * context.call(PythonFunction.of("os", "makedirs").with("mode", 0700).with("exist_ok", true), "/srv/data");
 * Object facts = context.call(PythonFunction.of("mypkg.facts", "Facts", "gather")); // a class method or static method
 * }</pre>
 *
 * <p>The other context imports the module, which the master sends when it is not there, and looks the function up in it. Nothing
 * is known of it here: arguments are positional and are sent as they are, and the result is what {@link io.mitogen.core.pickle}
 * reads it as, unless {@link #returning} says more. A {@code Bytearray} is refused in arguments, for Python Mitogen refuses it.
 *
 * <p>Immutable but for the values of keyword arguments, which are the user's own. Any thread.
 *
 * @param <R> what the result becomes
 */
public final class PythonFunction<R> extends Callee {
    /** What {@code mitogen/core.py} says of a module that its master does not have. */
    private static final String NOT_SERVED = "was unable to serve '";

    /** With SIGTERM: so Mitogen's core ends a context that broke. */
    private static final String KILLED_BY_ITSELF = "killed by signal 15)";

    private final String module;
    private final @Nullable String owner;
    private final String name;
    private final Kwargs keywords;
    private final Class<?> type;

    private PythonFunction(String module, @Nullable String owner, String name, Kwargs keywords, Class<?> type) {
        this.module = module;
        this.owner = owner;
        this.name = name;
        this.keywords = keywords;
        this.type = type;
    }

    /**
     * Names a function of a module.
     *
     * @param module its full name, {@code os.path}
     * @param function its name in there, {@code join}
     * @throws BadTargetException if either is not a name in Python
     */
    public static PythonFunction<Object> of(String module, String function) {
        PythonNames.checkModule(module, function);
        PythonNames.checkFunction(module, function);
        return new PythonFunction<>(module, null, function, Kwargs.of(), Object.class);
    }

    /**
     * Names a class method or static method.
     *
     * @param module full name of the module, {@code mypkg.facts}
     * @param owner name of the class in there, not one inside another
     * @param method its name in that class
     * @throws BadTargetException if any of them is not a name in Python
     */
    public static PythonFunction<Object> of(String module, String owner, String method) {
        PythonNames.checkModule(module, method);
        PythonNames.checkClass(module, owner);
        PythonNames.checkFunction(module, method);
        return new PythonFunction<>(module, owner, method, Kwargs.of(), Object.class);
    }

    /**
     * Returns the same function, called with one more keyword argument; one of that name is replaced.
     *
     * @param value any value that may be sent
     * @throws BadTargetException if {@code keyword} is not a name in Python
     */
    public PythonFunction<R> with(String keyword, @Nullable Object value) {
        PythonNames.checkKeyword(keyword, this);
        Map<String, Object> more = new LinkedHashMap<>(keywords);
        more.put(keyword, value);
        return new PythonFunction<>(module, owner, name, Kwargs.copyOf(more), type);
    }

    /**
     * Returns the same function, whose result is converted, as for a Java method that declares {@code type}: without loss or not at
     * all. Of lists and maps the items stay what they are.
     *
     * @param type a number, {@code Boolean}, {@code String}, {@code byte[]}, {@code List.class}, {@code Map.class}, an array of these,
     *     a type of {@code io.mitogen.core.pickle}; {@code Void} drops the result
     * @throws BadTargetException if no value that is received can be one
     */
    public <T> PythonFunction<T> returning(Class<T> type) {
        boolean isVoid = type == Void.class || type == void.class;
        if (!isVoid && !ValueConverter.isTransferable(type)) {
            throw new BadTargetException("the result of " + this + " in Python can never become a " + type.getTypeName()
                    + ": take what it is sent as, a number, String, byte[], List or Map, and make a "
                    + type.getSimpleName() + " of that here");
        }
        return new PythonFunction<>(module, owner, name, keywords, isVoid ? void.class : type);
    }

    @Override
    Tuple call(@Nullable String chainId, Object[] arguments) {
        return Tuple.of(chainId, module, owner, name, Tuple.of(arguments), keywords);
    }

    @Override
    String bytearrayRefusal() {
        return "may not be sent to a Python context, where Mitogen refuses a bytearray: send a byte[], and let the"
                + " function make its bytearray of that";
    }

    @Override
    Type returnType() {
        return type;
    }

    @Override
    String resultName() {
        return "result of " + this;
    }

    /** A module that neither the context nor the master has: what Python says of it names no remedy of this side. */
    @Override
    CallException explain(String what, CallException failed) {
        return failed.remoteMessage().contains(NOT_SERVED)
                ? new CallException(
                        what + ", for which the master found no module of that name on its class path and on the search"
                                + " path of its PythonOptions,",
                        failed.remoteType(),
                        failed.remoteMessage(),
                        failed.remoteStack())
                : failed;
    }

    @Override
    ContextGoneException explain(ContextGoneException gone) {
        String message = Objects.requireNonNull(gone.getMessage());
        boolean isKilled = message.contains("killed by signal") && !message.contains(KILLED_BY_ITSELF);
        return message.contains(ChannelException.DISCONNECTED) && !isKilled
                ? new ContextGoneException(
                        message + " (a Python context also ends when a function returns what cannot be"
                                + " pickled, as a generator, a lock or a lambda, and when it raises SystemExit; it then"
                                + " logs why: \"ExternalContext.main() crashed\")")
                : gone;
    }

    /** Returns the name as Python writes it, {@code os.path.join}. */
    @Override
    public String toString() {
        return module + (owner == null ? "." : "." + owner + ".") + name;
    }
}
