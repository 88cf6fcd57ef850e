// SPDX-License-Identifier: BSD-3-Clause
/**
 * Brings the classes and resources that this context lacks from the context that started it. May use the rooms pickle
 * and root, but knows no router: {@link io.mitogen.core.load.Upstream} stands for the way to the parent. Images arrive
 * on the broker thread, which never waits here; user threads wait in {@link io.mitogen.core.load.Importer#find}.
 */
package io.mitogen.core.load;
