// SPDX-License-Identifier: BSD-3-Clause
/**
 * Starts contexts on other machines over ssh. May use the exported packages of the master module only. Its values may be
 * used from any thread, its dialogues live on the broker thread.
 */
package io.mitogen.ssh;
