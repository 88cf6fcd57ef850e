// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import io.mitogen.core.Nullable;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.lang.invoke.SerializedLambda;

/**
 * Gets the description of a lambda out of it. The method that gives it, {@code writeReplace}, is private to the lambda, but Java
 * serialization may call it whatever the modules say; so the lambda is written to nowhere, and what it puts in its place is
 * caught on the way. Nothing else is written: captured values need not be serializable. One thread; used once.
 */
final class LambdaExtractor extends ObjectOutputStream {
    private SerializedLambda found;

    private LambdaExtractor() throws IOException {
        super(OutputStream.nullOutputStream());
        enableReplaceObject(true);
    }

    /**
     * Returns the description of {@code function}.
     *
     * @throws BadTargetException if it is an object of a class, not a lambda or a method reference
     */
    static SerializedLambda extract(Serializable function) {
        LambdaExtractor extractor;
        IOException problem = null;
        try {
            extractor = new LambdaExtractor();
            extractor.writeObject(function);
            if (extractor.found != null) {
                return extractor.found;
            }
        } catch (IOException refused) {
            problem = refused;
        } catch (NoClassDefFoundError nameless) {
            // The lambda names the class it is written in, which for a hidden class nobody can look up.
            throw noBytes(function.getClass().getName(), nameless);
        }
        throw new BadTargetException(
                function.getClass().getName() + " is a class, and only a lambda or a method reference can be called in"
                        + " another context: write Type::method or () -> ...",
                problem);
    }

    /** Returns the error for code of a class that no class loader knows by name. */
    static BadTargetException noBytes(String where, Throwable cause) {
        return new BadTargetException(
                "cannot call " + where + " elsewhere: its class is hidden or generated, so there are"
                        + " no bytes to send: use a class from a class file",
                cause);
    }

    @Override
    @Nullable
    protected Object replaceObject(Object object) {
        if (object instanceof SerializedLambda) {
            found = (SerializedLambda) object;
        }
        return null;
    }
}
