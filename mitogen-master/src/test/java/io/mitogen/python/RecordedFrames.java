// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

import io.mitogen.core.json.Json;
import io.mitogen.core.testing.WireBytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Frames that were recorded between Python contexts, of one session, without those that bring Mitogen's own modules. */
record RecordedFrames(List<Frame> frames) {
    /** One frame. */
    record Frame(boolean isDown, int handle, byte[] body) {}

    static RecordedFrames of(String version, String session) {
        Map<String, Object> sessions = Json.object(
                Json.resource("/vectors/sessions_mitogen-" + version + ".json").get("sessions"));
        List<Frame> frames = new ArrayList<>();
        for (Map<String, Object> each : Json.objects(sessions.get(session))) {
            if (each.get("handle") instanceof Long handle && each.get("data_hex") instanceof String hex) {
                frames.add(new Frame("parent->child".equals(each.get("dir")), handle.intValue(), WireBytes.unhex(hex)));
            }
        }
        return new RecordedFrames(frames);
    }

    /** Returns those with one handle. */
    List<Frame> on(int handle) {
        return frames.stream().filter(each -> each.handle == handle).toList();
    }
}
