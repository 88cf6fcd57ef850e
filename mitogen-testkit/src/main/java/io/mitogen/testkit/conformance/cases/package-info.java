// SPDX-License-Identifier: BSD-3-Clause
/**
 * The rules, one case each, in a class for each subject. A case speaks bytes over the links of {@code peer} and throws {@code Deviation} where the
 * implementation does something else; it neither knows nor asks what it speaks with, but for the names of functions. One thread.
 */
package io.mitogen.testkit.conformance.cases;
