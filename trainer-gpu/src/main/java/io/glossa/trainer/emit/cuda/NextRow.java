package io.glossa.trainer.emit.cuda;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/**
 * What a kernel over lines reads of each row: memory is asked for the next one's before this one's threads wait for each other, so
 * that it is in the second-level cache by then. That takes no registers, of which more would leave room for fewer blocks.
 */
final class NextRow {
    private final Set<String> addresses = new LinkedHashSet<>();

    /** @param address of a vector of the next row, by row r and vector t */
    void reads(String address) {
        addresses.add(address);
    }

    /**
     * At the beginning of a row.
     *
     * @param isThere whether there is a next one
     * @param passes vectors of a row that a thread takes
     * @param across threads of a row
     * @param inside whether vector t is one of the row
     */
    String asked(String isThere, long passes, int across, String inside) {
        StringBuilder text = new StringBuilder();
        addresses.forEach(address -> text.append("                    gl_ask(" + address + ");\n"));
        return addresses.isEmpty()
                ? ""
                : String.format(Locale.ROOT, """
                            if (%s) {
                                #pragma unroll
                                for (int j = 0; j < %d; ++j) {
                                    const int t = lane + j * %d;
                                    if (%s) {
                    """, isThere, passes, across, inside) + text
                        + "                }\n            }\n        }\n";
    }
}
