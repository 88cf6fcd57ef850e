// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.pickle;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The values of those vectors whose printed form was cut short when they were recorded. Any thread. */
final class LongVectors {
    static final Map<String, Object> VALUES = values();

    private LongVectors() {}

    private static Map<String, Object> values() {
        Map<String, Object> values = new HashMap<>();
        values.put("int_2p2031", power(2031));
        values.put("int_2p2032m1", power(2032).subtract(BigInteger.ONE));
        values.put("int_2p2039m1", power(2039).subtract(BigInteger.ONE));
        values.put("int_2p2039", power(2039));
        values.put("int_2p2040", power(2040));
        values.put("int_2p2048", power(2048));
        values.put("int_m2p2048", power(2048).negate());
        values.put("str_len_65535", "x".repeat(65535));
        values.put("str_len_65536", "x".repeat(65536));
        byte[] all = new byte[256];
        byte[] same = new byte[65536];
        Arrays.fill(same, (byte) 'b');
        List<Object> numbers = new ArrayList<>();
        List<Object> texts = new ArrayList<>();
        Map<Object, Object> dict = new HashMap<>();
        for (int i = 0; i < 1001; i++) {
            numbers.add(i);
            dict.put(i, null);
            if (i < 256) {
                all[i] = (byte) i;
            }
            if (i < 300) {
                texts.add("s" + i);
            }
        }
        values.put("bytes_0_255", all);
        values.put("bytes_len_65536", same);
        values.put("list_1000", new ArrayList<>(numbers.subList(0, 1000)));
        values.put("list_1001", numbers);
        values.put("list_2001_none", Arrays.asList(new Object[2001]));
        values.put("dict_1001", dict);
        values.put("memo_gt_255", new ArrayList<>(texts));
        texts.addAll(new ArrayList<>(texts.subList(298, 300)));
        values.put("memo_get_gt_255", texts);
        values.put("callerror_9999", new TestGlobals.Made("CallError", Tuple.of("x".repeat(9999))));
        return values;
    }

    private static BigInteger power(int exponent) {
        return BigInteger.TWO.pow(exponent);
    }
}
