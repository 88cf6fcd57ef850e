// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import java.io.IOException;

/** What there is to call in a context of one kind: functions that are there without any module being sent. Immutable. */
public interface Dialect {
    /** Returns a call that returns a list with {@code value} in it. */
    Call echo(Object value);

    /** Returns a call that adds two whole numbers. */
    Call add(int a, int b);

    /** Returns a call with a named argument whose result is 3; null where arguments have no names. */
    Call addNamed();

    /** Returns a call that fails; the text of its failure has {@code word} in it. */
    Call fail(String word);

    /** Returns a word for {@link #fail} that is not ASCII, where such a word comes back in the text of the failure; else one that is. */
    default String oddWord() {
        return "w\u00f6rd \u20ac";
    }

    /** Returns how the text of that failure begins: the type, a colon and a space. */
    String failureStart();

    /** Returns a call of a function that is not there, in a module that is. */
    Call missingFunction();

    /** Returns a call into a module that is nowhere; the context must ask for it under {@link #requestFor}. */
    Call callInto(String module);

    /** Returns the name that a context asks for when it needs {@code module}. */
    String requestFor(String module);

    /** Returns the name under which a context asks for the module of {@link #served}. */
    String servedName();

    /** Returns that module: source text, or a class file. */
    byte[] servedContent();

    /** Returns a call into that module; its result is the text {@code served}. */
    Call served();

    /** Returns a call that detaches the context, in the module of {@link #served}; null where there is no such thing. */
    Call detach();

    /** Returns a call that prints a line, with {@link #printed} in it, to the stream of this logger. */
    Call print();

    /** Returns the logger of what {@link #print} prints: {@code stdout} or {@code stderr}. */
    String printLogger();

    String printed();

    /** Returns a call that takes so long that no case waits for it. */
    Call hang();

    /** Returns a call that takes a second. */
    Call pause();

    /**
     * Returns a call, in the module of {@link #served}, that sends something to the context with this id, waits for the answer and returns the reason of
     * the dead message that it gets; null where there is no such thing.
     */
    Call waitFor(int id);

    /** Returns a call whose result takes more than {@code bytes} bytes. */
    Call large(int bytes);

    /** Returns a call whose result may not travel. */
    Call unsendable();

    // == Children of a context ==

    /** Returns the descriptor at which a program in the place of the interpreter finds the link's input. */
    int linkIn();

    /** Returns the one of the link's output. */
    int linkOut();

    /**
     * Has the context at the other end start a child with this program; returns the handle to which the outcome comes.
     *
     * @param unidirectional what the child is told; where that is passed on by itself it is not said again
     */
    int connect(Link link, String program, boolean unidirectional) throws Deviation;

    /** Plays the child until its link has frames. */
    Told boot(Link.Streams link) throws IOException, Deviation;
}
