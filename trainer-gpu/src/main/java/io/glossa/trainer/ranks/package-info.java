/**
 * How processes that train one model together meet and add up numbers, without a library.
 *
 * <p>In: the addresses of all ranks, which whoever started them gathers. Out: sums, the same bits on all ranks. State: the
 * connections, one for each pair of ranks, which the device that sums on them closes.
 */
package io.glossa.trainer.ranks;
