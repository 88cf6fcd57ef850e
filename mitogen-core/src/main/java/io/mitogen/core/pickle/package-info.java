// SPDX-License-Identifier: BSD-3-Clause

/**
 * Python's pickle format, as far as Mitogen uses it: values to bytes ({@link io.mitogen.core.pickle.PickleWriter}) and
 * back ({@link io.mitogen.core.pickle.PickleReader}). It uses the root package and {@code java.base}. Readers and
 * writers belong to one call on one thread, and all value types here but {@code Bytearray} are immutable.
 *
 * <table>
 * <caption>Java and Python types</caption>
 * <tr><th>Python</th><th>written from</th><th>read as</th></tr>
 * <tr><td>None</td><td>null</td><td>null</td></tr>
 * <tr><td>bool</td><td>Boolean</td><td>Boolean</td></tr>
 * <tr><td>int of 32 bits</td><td>Byte, Short, Integer</td><td>Integer</td></tr>
 * <tr><td>other int, long</td><td>Long, BigInteger, in the form for long numbers even where they are small</td>
 *     <td>Long if it fits in 64 bits, else BigInteger: so a Long stays one</td></tr>
 * <tr><td>float</td><td>Double, Float</td><td>Double</td></tr>
 * <tr><td>str</td><td>String, Character</td><td>String; a lone surrogate survives, but two code points that form a
 *     surrogate pair become the one character they stand for</td></tr>
 * <tr><td>bytes, str of Python 2</td><td>byte[], Bytes</td><td>byte[]; {@code Bytes} where it is the key of a
 *     dict, since an array has no equality of its own</td></tr>
 * <tr><td>bytearray</td><td>Bytearray</td><td>Bytearray; Python contexts refuse it</td></tr>
 * <tr><td>list</td><td>List, Object[], primitive arrays but byte[]</td><td>ArrayList</td></tr>
 * <tr><td>tuple</td><td>Tuple</td><td>Tuple, equal by content, byte arrays in it included</td></tr>
 * <tr><td>dict</td><td>Map</td><td>LinkedHashMap in the order sent</td></tr>
 * <tr><td>Kwargs, Blob, Secret of mitogen.core</td><td>Kwargs, Blob, Secret</td><td>the same</td></tr>
 * <tr><td>CallError, Context, Sender and the like</td><td>a Reducible</td>
 *     <td>what the {@code Globals} in use make of it</td></tr>
 * </table>
 *
 * <p>Keys of a dict must be hashable, as in Python: no list, dict, Kwargs or bytearray, alone or in a tuple. Keys that
 * some reader would merge are refused together, so that no entry vanishes: 'a' and "a", (short) 1 and 1, and, as Python merges
 * them, 1, 1L, 1.0 and true, or 0.0 and -0.0. Everything else, sets, enums and records included, is refused by
 * the sender with the path to it. An object met twice is written once and read as one object, so cycles travel too.
 */
package io.mitogen.core.pickle;
