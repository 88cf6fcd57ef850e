// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.loop.ReceiveSide;
import io.mitogen.core.loop.TransmitSide;

/** A process just started, with the sides of its three standard streams, not opened yet. */
record ProcessStreams(Process process, TransmitSide stdin, ReceiveSide stdout, ReceiveSide stderr) {}
