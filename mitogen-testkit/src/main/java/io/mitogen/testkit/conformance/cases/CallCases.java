// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.cases;

import static io.mitogen.testkit.conformance.cases.Case.child;

import io.mitogen.testkit.conformance.peer.Call;
import io.mitogen.testkit.conformance.peer.Deviation;
import io.mitogen.testkit.conformance.peer.Handle;
import io.mitogen.testkit.conformance.peer.Limits;
import io.mitogen.testkit.conformance.peer.Link;
import io.mitogen.testkit.conformance.peer.Wanted;
import io.mitogen.testkit.conformance.wire.Frame;
import io.mitogen.testkit.conformance.wire.Global;
import io.mitogen.testkit.conformance.wire.Made;
import io.mitogen.testkit.conformance.wire.PickleOut;
import io.mitogen.testkit.conformance.wire.Tuple;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Calls: their results, their failures, and chains of them. */
final class CallCases {
    private static final int MAX_ERROR_CHARS = 9999;
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int SMALL_LIMIT = 1 << 20;

    private CallCases() {}

    static List<Case> cases() {
        return List.of(
                child("calls.result", "a call is answered with its pickled result", CallCases::result),
                child("calls.named-arguments", "arguments may be given by name", CallCases::named),
                child(
                        "calls.in-order",
                        "calls are run one after the other, in the order in which they came",
                        CallCases::inOrder),
                child(
                        "calls.one-at-a-time",
                        "a call begins when the one before it is over and answered",
                        CallCases::oneAtATime),
                child(
                        "calls.failure",
                        "a failure is a CallError with TYPE: MESSAGE and lines of the stack",
                        CallCases::failure),
                child("calls.long-failure", "a CallError has at most 9999 characters", CallCases::longFailure),
                child(
                        "calls.missing-function",
                        "a function that is not there makes a CallError",
                        CallCases::missingFunction),
                child("calls.no-tuple", "what is no call makes a CallError", CallCases::noTuple),
                child(
                        "calls.pickled-failure",
                        "a CallError in place of a call makes a CallError",
                        CallCases::pickledFailure),
                child("calls.silent", "a call that wants no answer gets none", CallCases::silent),
                child(
                        "calls.silent-failure-logged",
                        "a failure that nobody waits for is logged: mitogen, 40, No-reply function call failed",
                        CallCases::silentFailure),
                child(
                        "calls.unsendable-result",
                        "a result that may not travel makes a CallError",
                        CallCases::unsendable),
                child(
                        "calls.large-result",
                        "a result longer than max_message_size is replaced by a dead message: message too large (max N bytes)",
                        CallCases::largeResult),
                child(
                        "calls.dead-message-ends",
                        "a dead message to handle 101 ends the context",
                        CallCases::deadMessage),
                child(
                        "chains.failure-remembered",
                        "after a failure, calls of the chain fail alike and are not run",
                        CallCases::chain),
                child("chains.failure-not-logged", "a failure in a chain is not logged", CallCases::chainSilent),
                child(
                        "chains.forget",
                        "forget_chain of mitogen.core's Dispatcher lets the chain go on",
                        CallCases::forget),
                child("chains.others-go-on", "other chains, and calls without one, go on", CallCases::others),
                child(
                        "chains.missing-function-forgotten",
                        "that a function was not there is not remembered",
                        CallCases::missingInChain));
    }

    private static String result(Bench bench) throws Deviation, IOException {
        Check.equal(
                "20 + 22", BigInteger.valueOf(42), bench.result(bench.dialect().add(20, 22)));
        return "42";
    }

    private static String named(Bench bench) throws Deviation, NotApplicable, IOException {
        Call call = bench.dialect().addNamed();
        if (call == null) {
            throw new NotApplicable("arguments of its functions have no names");
        }
        Check.equal("result", BigInteger.valueOf(3), bench.result(call));
        return "3";
    }

    private static String inOrder(Bench bench) throws Deviation, IOException {
        Link link = bench.link();
        int mark = link.mark();
        List<Integer> handles = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            handles.add(link.call(
                    i % 3 == 0
                            ? bench.dialect().fail("word" + i)
                            : bench.dialect().add(i, i)));
        }
        link.awaitAnswer(handles.get(29), "answers to 30 calls");
        List<Integer> order = link.since(mark).stream()
                .map(Frame::handle)
                .filter(handles::contains)
                .toList();
        Check.equal("order of the answers", handles, order);
        return "30 answers in order";
    }

    /** What the second call prints would come first if it did not wait for the first. */
    private static String oneAtATime(Bench bench) throws Deviation, IOException {
        Link link = bench.fresh(Wanted.DEFAULT).link();
        bench.fence(link);
        int mark = link.mark();
        int slow = link.call(bench.dialect().pause());
        int printing = link.call(bench.dialect().print());
        link.await(
                mark, "answers to a call that takes a second and the next", seen -> seen.handle() == printing, PAUSE);
        link.await(mark, "what the second call prints", seen -> seen.handle() == Handle.FORWARD_LOG);
        List<Integer> order = link.since(mark).stream().map(Frame::handle).toList();
        Check.equal("the first frame that came", slow, order.get(0));
        return "the second call printed after the answer to the first, which takes a second";
    }

    private static Frame fail(Bench bench, String word) throws Deviation, IOException {
        Link link = bench.link();
        return link.awaitAnswer(link.call(bench.dialect().fail(word)), "an answer to a call that fails");
    }

    private static String failure(Bench bench) throws Deviation, IOException {
        String text = Check.failure(fail(bench, "kit-word"));
        String first = text.lines().findFirst().orElse("");
        Check.that(
                first.startsWith(bench.dialect().failureStart()) && first.contains("kit-word"),
                "a first line that begins with " + bench.dialect().failureStart() + " and has kit-word in it",
                first);
        Check.that(text.lines().count() > 1, "lines of the stack", "none");
        return first;
    }

    private static String longFailure(Bench bench) throws Deviation, IOException {
        String text = Check.failure(fail(bench, "w".repeat(50_000)));
        Check.that(text.length() <= MAX_ERROR_CHARS, "at most 9999 characters", text.length() + " characters");
        return text.length() + " characters for a word of 50000";
    }

    private static String missingFunction(Bench bench) throws Deviation, IOException {
        Link link = bench.link();
        String text = Check.failure(link.awaitAnswer(link.call(bench.dialect().missingFunction()), "an answer"));
        return text.lines().findFirst().orElse("");
    }

    private static String noTuple(Bench bench) throws Deviation, IOException {
        Link link = bench.link();
        List<Object> all = List.of(Tuple.of(), Tuple.of(1, 2, 3), 5, "text", Tuple.of(null, 1, null, 2, Tuple.of(), 3));
        for (Object each : all) {
            int handle = link.newHandle();
            link.send(link.frame(Handle.CALL_FUNCTION, handle, PickleOut.toBytes(each)));
            Check.failure(link.awaitAnswer(handle, "an answer to " + each + " in place of a call"));
        }
        return all.size() + " CallErrors";
    }

    private static String pickledFailure(Bench bench) throws Deviation, IOException {
        Link link = bench.link();
        int handle = link.newHandle();
        Made error = new Made(Global.CALL_ERROR, Tuple.of("PicklingError: the arguments"));
        link.send(link.frame(Handle.CALL_FUNCTION, handle, PickleOut.toBytes(error)));
        return Check.failure(link.awaitAnswer(handle, "an answer"))
                .lines()
                .findFirst()
                .orElse("");
    }

    private static String silent(Bench bench) throws Deviation, IOException {
        Link link = bench.link();
        int mark = link.mark();
        link.send(link.frame(Handle.CALL_FUNCTION, 0, bench.dialect().add(1, 2).toBytes()));
        bench.fence();
        Check.equal("frames that came", 1, link.mark() - mark);
        return "nothing but the answer to the next call";
    }

    private static String silentFailure(Bench bench) throws Deviation, IOException {
        Link link = bench.link();
        int mark = link.mark();
        link.send(link.frame(
                Handle.CALL_FUNCTION, 0, bench.dialect().fail("kit-word").toBytes()));
        Frame log = link.await(mark, "a log record", frame -> frame.handle() == Handle.FORWARD_LOG);
        String[] parts = log.text().split("\0", 3);
        Check.equal("parts of the record", 3, parts.length);
        Check.equal("logger", "mitogen", parts[0]);
        Check.equal("level", "40", parts[1]);
        String start = "No-reply function call failed: " + bench.dialect().failureStart();
        Check.that(parts[2].startsWith(start), "a text that begins with " + start, parts[2]);
        return parts[2].lines().findFirst().orElse("");
    }

    private static String unsendable(Bench bench) throws Deviation, IOException {
        Link link = bench.fresh(Wanted.DEFAULT).link();
        int handle = link.call(bench.dialect().unsendable());
        String text = Check.failure(link.awaitAnswer(handle, "an answer to a call whose result may not travel"));
        bench.fence(link);
        return text.lines().findFirst().orElse("");
    }

    private static String largeResult(Bench bench) throws Deviation, IOException {
        Link link = bench.fresh(Wanted.DEFAULT.withMaxMessageBytes(SMALL_LIMIT)).link();
        int handle = link.call(bench.dialect().large(SMALL_LIMIT));
        Frame answer = link.awaitAnswer(handle, "an answer to a call with a large result");
        Check.dead(answer, "message too large (max " + SMALL_LIMIT + " bytes)");
        bench.fence(link);
        return answer.toString();
    }

    private static String deadMessage(Bench bench) throws Deviation, IOException {
        Link link = bench.fresh(Wanted.DEFAULT).link();
        bench.fence(link);
        link.send(link.frame(
                Handle.CALL_FUNCTION, Frame.DEAD, "no more calls".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        link.awaitEnd("the context ends after a dead message to handle 101", Limits.END);
        return "it closed the link";
    }

    // == Chains ==

    private static String failing(Bench bench, Link link, String chain, String word) throws Deviation {
        Call call = bench.dialect().fail(word).in(chain);
        return Check.failure(link.awaitAnswer(link.call(call), "an answer"));
    }

    private static String chain(Bench bench) throws Deviation, IOException {
        Link link = bench.link();
        String first = failing(bench, link, "kit-1", "first");
        int handle = link.call(bench.dialect().add(1, 2).in("kit-1"));
        Check.equal("answer to the second call", first, Check.failure(link.awaitAnswer(handle, "an answer")));
        Check.equal("answer to the third call", first, failing(bench, link, "kit-1", "third"));
        return "three times the first failure";
    }

    private static String chainSilent(Bench bench) throws Deviation, IOException {
        Link link = bench.link();
        int mark = link.mark();
        link.send(link.frame(
                Handle.CALL_FUNCTION,
                0,
                bench.dialect().fail("word").in("kit-2").toBytes()));
        bench.fence();
        Check.none(link, mark, "log record", frame -> frame.handle() == Handle.FORWARD_LOG);
        Check.failure(link.awaitAnswer(link.call(bench.dialect().add(1, 2).in("kit-2")), "an answer"));
        return "no record; the next call of the chain failed";
    }

    private static String forget(Bench bench) throws Deviation, IOException {
        Link link = bench.link();
        failing(bench, link, "kit-3", "first");
        link.send(link.frame(Handle.CALL_FUNCTION, 0, Call.forget("kit-3").toBytes()));
        Object sum = link.result(bench.dialect().add(1, 2).in("kit-3"));
        Check.equal("1 + 2", BigInteger.valueOf(3), sum);
        return "the chain goes on";
    }

    private static String others(Bench bench) throws Deviation, IOException {
        Link link = bench.link();
        failing(bench, link, "kit-4", "first");
        Check.equal(
                "1 + 2",
                BigInteger.valueOf(3),
                link.result(bench.dialect().add(1, 2).in("kit-5")));
        Check.equal("1 + 2", BigInteger.valueOf(3), link.result(bench.dialect().add(1, 2)));
        return "both were run";
    }

    private static String missingInChain(Bench bench) throws Deviation, IOException {
        Link link = bench.link();
        int handle = link.call(bench.dialect().missingFunction().in("kit-6"));
        Check.failure(link.awaitAnswer(handle, "an answer to a function that is not there"));
        Frame answer = link.awaitAnswer(link.call(bench.dialect().add(1, 2).in("kit-6")), "an answer");
        Check.equal("1 + 2", BigInteger.valueOf(3), Link.value(answer));
        return "the next call of the chain was run";
    }
}
