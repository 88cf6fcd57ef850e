// SPDX-License-Identifier: BSD-3-Clause
/**
 * What any context between two others does: passes routes, ids and classes on. May use the core only, and is shipped
 * and linked as a whole before it runs. It lives on the broker thread and never waits.
 */
package io.mitogen.relay;
