// SPDX-License-Identifier: BSD-3-Clause
/**
 * The folders of which a master gives files away, to contexts of any kind. May use the JDK and the core's annotations only. Any
 * thread but a broker's, because it looks at the disk.
 */
package io.mitogen.served;
