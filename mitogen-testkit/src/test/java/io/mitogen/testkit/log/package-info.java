// SPDX-License-Identifier: BSD-3-Clause
/** System tests of logs and stdio. May use everything. The tests run on the thread of the test framework. */
package io.mitogen.testkit.log;
