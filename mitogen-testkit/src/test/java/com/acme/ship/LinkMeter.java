// SPDX-License-Identifier: BSD-3-Clause
package com.acme.ship;

import io.mitogen.core.call.ChildContext;
import io.mitogen.core.load.ClassImage;
import io.mitogen.core.wire.Frame;
import io.mitogen.core.wire.Handles;
import io.mitogen.core.wire.Message;
import io.mitogen.core.wire.MessageTap;
import java.util.ArrayList;
import java.util.List;

/** Counts what class shipping costs on the links of one context, the master or one that it was shipped to. Any thread. */
public final class LinkMeter implements MessageTap {
    private static final LinkMeter OF_CHILD = new LinkMeter();

    private final List<String> requests = new ArrayList<>(); // guarded by this, as all
    private final List<String> sent = new ArrayList<>();
    private long sentBytes;

    /** Counts from now on in the context where this is called. */
    public static void install(ChildContext child) {
        ClassImage.missing("", "").encode(); // what a turn runs must be loaded before it
        child.router().tap(OF_CHILD);
    }

    /** Returns the paths of all images that this context sent to its children. */
    public static List<String> sentOfChild() {
        return OF_CHILD.sent();
    }

    /** Returns what children of this context asked for, one for each request. */
    public static List<String> requestsOfChild() {
        return OF_CHILD.requests();
    }

    @Override
    public void onReceived(String stream, Object frame) {
        if (frame instanceof Frame && ((Frame) frame).handle() == Handles.GET_MODULE) {
            synchronized (this) {
                requests.add(pathIn(((Frame) frame).toMessage().text()));
            }
        }
    }

    @Override
    public void onSent(String stream, Object frame) {
        if (frame instanceof Message && ((Message) frame).handle() == Handles.LOAD_MODULE) {
            byte[] body = ((Message) frame).body();
            String path = pathIn(ClassImage.decode(body).path());
            synchronized (this) {
                sent.add(path);
                sentBytes += body.length;
            }
        }
    }

    /** Returns what stands behind the release and the class loader in a name. */
    private static String pathIn(String name) {
        return name.startsWith("/j") ? name.substring(name.indexOf('/', 1) + 1) : name;
    }

    /** Returns the paths, or names of modules, that were asked for, one for each request. */
    public synchronized List<String> requests() {
        return List.copyOf(requests);
    }

    /** Returns the paths of all images sent, negative ones too. */
    public synchronized List<String> sent() {
        return List.copyOf(sent);
    }

    /** Returns the bytes of the bodies of all images sent. */
    public synchronized long sentBytes() {
        return sentBytes;
    }

    /** Returns the counts in one line. */
    public synchronized String figures() {
        return requests.size() + " round trips, " + sent.size() + " images, " + sentBytes + " bytes for " + requests;
    }
}
