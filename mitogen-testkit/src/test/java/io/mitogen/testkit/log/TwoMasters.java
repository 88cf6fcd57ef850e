// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.log;

import io.mitogen.connect.Local;
import io.mitogen.core.loop.Broker;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;

/** A program with two routers at a time, and a third when they are closed. */
public final class TwoMasters {
    private TwoMasters() {}

    /** Runs. */
    public static void main(String[] args) throws Exception {
        try (Broker broker = Mitogen.startBroker();
                MasterRouter one = new MasterRouter(broker);
                MasterRouter two = new MasterRouter(broker)) {
            greet(one, "one");
            greet(two, "two");
        }
        Mitogen.run(router -> greet(router, "three"));
    }

    private static void greet(MasterRouter router, String name) {
        router.connect(Local.create().name(name)).call(TwoMasters::say, name);
    }

    /** Says hello. */
    public static void say(String name) {
        System.out.println("hello from " + name);
    }
}
