// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.cases;

import io.mitogen.testkit.conformance.peer.ChildDuties;
import io.mitogen.testkit.conformance.peer.Deviation;
import io.mitogen.testkit.conformance.peer.Handle;
import io.mitogen.testkit.conformance.peer.Link;
import io.mitogen.testkit.conformance.peer.ParentBoot;
import io.mitogen.testkit.conformance.peer.Session;
import io.mitogen.testkit.conformance.wire.Bytes;
import io.mitogen.testkit.conformance.wire.Frame;
import io.mitogen.testkit.conformance.wire.Repr;
import io.mitogen.testkit.conformance.wire.Tuple;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The kit as a child of what is tested. There is one link, from the first case to the last: a parent starts the kit once. One thread; calls are
 * answered on that of the link.
 */
public final class ParentStand implements Stand {
    /** Nobody has it: neither a standard handle nor one that was given out. */
    static final int UNUSED = 998;

    private static final int FIRST_ANSWER = 2000;

    private final Session session;
    private final ParentBoot boot;
    private final ChildDuties duties = new ChildDuties();
    private final Integer sibling;
    private Bytes preamble; // null before it was read
    private Map<?, ?> configuration; // null before it was read
    private Link link; // null before the last marker
    private Frame firstAnswer; // null before it came
    private Deviation failed; // why there is no link, or none any more; null if there may be one
    private boolean endIsWanted;
    private int nextId; // of the block from the parent
    private int lastId;

    /** @param sibling a context that is not below the kit, to be tried in attacks; null for none */
    public ParentStand(Link.Streams streams, Session session, Integer sibling) {
        this.session = session;
        this.boot = new ParentBoot(streams, session);
        this.sibling = sibling;
    }

    @Override
    public Session session() {
        return session;
    }

    // == The start, step by step ==

    ParentBoot preamble() throws Deviation, NotApplicable {
        checkStart();
        if (preamble == null) {
            step(() -> {
                boot.readPreamble();
                preamble = new Bytes(boot.text().getBytes(StandardCharsets.UTF_8));
            });
        }
        return boot;
    }

    Map<?, ?> configuration() throws Deviation, NotApplicable {
        ParentBoot start = preamble();
        checkStart();
        if (configuration == null) {
            step(() -> configuration = start.readConfiguration());
        }
        return configuration;
    }

    /** Returns the answer to the frame that was written together with the last marker. */
    Frame firstAnswer() throws Deviation, NotApplicable {
        configuration();
        checkStart();
        if (firstAnswer == null) {
            step(() -> {
                Frame first = new Frame(
                        Frame.MGC, boot.parentId(), boot.ownId(), boot.ownId(), UNUSED, FIRST_ANSWER, new byte[0]);
                link = boot.begin(first, duties);
                firstAnswer = link.awaitAnswer(FIRST_ANSWER, "an answer to a frame that came with MITO002");
            });
        }
        return firstAnswer;
    }

    private interface Step {
        void take() throws Deviation;
    }

    private void step(Step step) throws Deviation {
        try {
            step.take();
        } catch (Deviation e) {
            failed = e;
            throw e;
        } catch (ClassCastException | NullPointerException | IndexOutOfBoundsException e) {
            failed = new Deviation("a configuration with context_id and parent_ids", String.valueOf(configuration));
            throw failed;
        }
    }

    private void checkStart() throws NotApplicable {
        if (failed != null) {
            throw new NotApplicable("the link is of no use any more, or was not from the start");
        }
    }

    // == The link ==

    Link link() throws Deviation, NotApplicable {
        firstAnswer();
        if (!link.isOpen() && endIsWanted) {
            throw new NotApplicable("the parent has closed the link");
        }
        if (!link.isOpen()) { // in the middle of a case, which may notice it as it sends
            failed = new Deviation("a link that stays open", "the parent has closed the link");
            throw failed;
        }
        return link;
    }

    /** Returns the context that is not below the kit. */
    int sibling() throws NotApplicable {
        if (sibling == null) {
            throw new NotApplicable("no other context was named with --context");
        }
        return sibling;
    }

    /** Tells whether the parent is the root of the tree. */
    boolean isMaster() throws Deviation, NotApplicable {
        link();
        return boot.parentId() == 0;
    }

    /** Demands a parent that sends frames back over the link they came on, where that is the way to their destination. */
    void needEcho() throws Deviation, NotApplicable {
        link();
        if (boot.isUnidirectional()) {
            throw new NotApplicable("nothing comes back over the same link in unidirectional mode");
        }
    }

    /** Sends a frame to {@code handle} of the parent and returns the answer, which is a dead message mostly. */
    Frame probe(int handle, byte[] body) throws Deviation, NotApplicable {
        Frame frame = link().frame(handle, link.newHandle(), body);
        return ask(frame);
    }

    Frame ask(Frame frame) throws Deviation, NotApplicable {
        link().send(frame);
        return answer(frame);
    }

    /** Waits for the answer to {@code frame}, for whomever it is. */
    Frame answer(Frame frame) throws Deviation {
        return link.await(
                0,
                "an answer from handle " + frame.handle(),
                each -> each.handle() == frame.replyTo() && each.dst() == frame.src());
    }

    /** Has the parent answer, and with it everything that was sent to it before. */
    void fence() throws Deviation, NotApplicable {
        Check.dead(probe(UNUSED, new byte[0]), Check.INVALID_HANDLE);
    }

    /** Asks for a block of ids: the first, and the one behind the last. */
    int[] allocate() throws Deviation, NotApplicable {
        Object range = Link.value(ask(
                link().frame(Handle.ALLOCATE_ID, link.newHandle(), new byte[0]).to(0)));
        if (range instanceof Tuple tuple
                && tuple.size() == 2
                && tuple.get(0) instanceof BigInteger first
                && tuple.get(1) instanceof BigInteger end) {
            return new int[] {first.intValue(), end.intValue()};
        }
        throw new Deviation("a tuple of two numbers", Repr.brief(range));
    }

    /** Returns an id that the kit may give to a context below itself. */
    int newId() throws Deviation, NotApplicable {
        if (nextId == lastId) {
            int[] block = allocate();
            nextId = block[0];
            lastId = block[1];
        }
        return nextId++;
    }

    /** Makes up a context below the kit and returns its id; nothing answers for it. */
    int newDescendant(String name) throws Deviation, NotApplicable {
        int id = newId();
        route(Handle.ADD_ROUTE, id + ":" + name);
        return id;
    }

    void route(int handle, String text) throws Deviation, NotApplicable {
        link().send(link.frame(handle, 0, text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Tells whether frames for {@code id} come back over the link. */
    boolean isBehindKit(int id) throws Deviation, NotApplicable {
        return comesBack(link().frame(link.newHandle(), 0, new byte[] {7}).to(id));
    }

    /** Tells whether this frame comes back; its handle must be a new one. */
    boolean comesBack(Frame frame) throws Deviation, NotApplicable {
        needEcho();
        int mark = link.mark();
        link.send(frame);
        fence();
        return link.since(mark).stream()
                .anyMatch(each -> each.handle() == frame.handle() && each.dst() == frame.dst() && !each.isDead());
    }

    // == The end ==

    /** Tells who calls how it went, from now on. */
    public void tell(boolean isGood, String summary) {
        duties.tell(isGood, summary);
    }

    private static boolean isShutdown(Frame frame) {
        return frame.handle() == Handle.SHUTDOWN;
    }

    /** Waits until the parent says that it ends the link, or does, however long it lets the kit live. */
    Link awaitEnd() throws Deviation, NotApplicable {
        firstAnswer();
        endIsWanted = true; // it may have come already: callers have their answers
        try {
            link.join(ParentStand::isShutdown);
            return link;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Deviation("to wait to the end", "the kit was interrupted");
        }
    }

    /** Waits until the parent has ended the link for what it was sent. */
    void awaitRefusal(String expected) throws Deviation {
        endIsWanted = true;
        link.awaitEnd(expected);
    }

    /** Returns once the parent ends the link, if there is one; for a run whose cases do not end it. */
    public void serve() {
        try {
            if (link != null) {
                link.join(ParentStand::isShutdown);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean afterCase() {
        if (link == null || endIsWanted || failed != null) {
            return true;
        }
        try {
            fence();
            return true;
        } catch (Deviation | NotApplicable e) {
            failed = new Deviation("a parent that answers", e.getMessage());
            return false;
        }
    }

    @Override
    public void discard() {
        // there is no other link to be had
    }

    @Override
    public void close() throws IOException {
        if (link != null) {
            link.close();
        }
    }
}
