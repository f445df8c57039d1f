package io.glossa.trainer.emit.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** That emulated kernels mean what they mean to a GPU. */
class EmulationTest {
    private static final String KERNELS = """
            // out [block] <- x [block, n]
            GL_KERNEL(block_sum, 3, 96) {
                GL_ARGUMENTS
                const int n = (int)a[2];
                float sum = 0;
                for (int i = threadIdx.x; i < n; i += blockDim.x) {
                    sum += ((const float*)a[1])[blockIdx.x * n + i];
                }
                sum = gl_reduce<GlSum, 96>(sum);
                if (threadIdx.x == 0) {
                    ((float*)a[0])[blockIdx.x] = sum;
                }
            }

            // out [8, 32]: what each lane of a warp receives of the numbers of lanes
            GL_KERNEL(exchanges, 1, 32) {
                GL_ARGUMENTS
                int* out = (int*)a[0] + threadIdx.x;
                const int lane = threadIdx.x;
                out[0] = __shfl_sync(GL_ALL, lane, 5);
                out[32] = __shfl_sync(GL_ALL, lane, 3, 8);
                out[64] = __shfl_up_sync(GL_ALL, lane, 2, 8);
                out[96] = __shfl_down_sync(GL_ALL, lane, 3);
                out[128] = __shfl_xor_sync(GL_ALL, lane, 9);
                out[160] = __popc(__ballot_sync(GL_ALL, lane % 3 == 0));
                out[192] = (int)(__shfl_sync(GL_ALL, (uint64_t)lane << 33, 7) >> 33);
                out[224] = lane < 16 ? __shfl_xor_sync(0xffff, lane, 1) : (int)__ballot_sync(0xffff0000, lane < 18);
            }

            // c [16, 8] <- a [16, 16], b [16, 8] in bf16; groups of copies arrive one by one
            GL_KERNEL(product, 3, 32) {
                GL_ARGUMENTS
                GL_SHARED(shared);
                gl_bf16 *left = (gl_bf16*)shared, *right = left + 256;
                const int lane = threadIdx.x, g = lane / 4, t = lane % 4;
                gl_copy_16(left + lane * 8, (const gl_bf16*)a[1] + lane * 8, true);
                gl_copy_close();
                gl_copy_16(right + lane * 8, (const gl_bf16*)a[2] + lane % 16 * 8, lane < 16);
                gl_copy_close();
                gl_copy_wait<1>();
                __syncwarp();
                uint32_t x[4], y[4];
                gl_matrices(x, left + lane % 16 * 16 + lane / 16 * 8);
                gl_copy_wait<0>();
                __syncwarp();
                gl_matrices_turned(y, right + lane * 8);
                float d[4] = {};
                const uint32_t first[2] = {y[0], y[1]}, zeros[2] = {y[2], y[3]};
                gl_mma(d, x, first);
                gl_mma(d, x, zeros);
                float* c = (float*)a[0];
                c[g * 8 + 2 * t] = d[0];
                c[g * 8 + 2 * t + 1] = d[1];
                c[(g + 8) * 8 + 2 * t] = d[2];
                c[(g + 8) * 8 + 2 * t + 1] = d[3];
            }

            // out [n] <- x [n]: e^x
            GL_KERNEL(exponentials, 3, 32) {
                GL_ARGUMENTS
                if (threadIdx.x < a[2]) {
                    ((float*)a[0])[threadIdx.x] = gl_exp(((const float*)a[1])[threadIdx.x]);
                }
            }

            // out [2] <- x [4]: what is where a copy goes to, before and after it arrives
            GL_KERNEL(arrival, 2, 1) {
                GL_ARGUMENTS
                GL_SHARED(shared);
                float* const place = (float*)shared;
                place[0] = 1;
                gl_copy_16(place, (const float*)a[1], true);
                gl_copy_close();
                ((float*)a[0])[0] = place[0];
                gl_copy_wait<0>();
                ((float*)a[0])[1] = place[0];
            }

            // Behind a counter, in each block its turn
            GL_KERNEL(turns, 1, 1) {
                GL_ARGUMENTS
                int* const counter = (int*)a[0];
                counter[1 + blockIdx.x] = (*counter)++;
            }

            // Of the grid, in each block its place; in shared memory what nobody wrote
            GL_KERNEL(places, 2, 1) {
                GL_ARGUMENTS
                GL_SHARED(shared);
                const unsigned block = blockIdx.x + gridDim.x * (blockIdx.y + gridDim.y * blockIdx.z);
                ((int*)a[0])[block] = blockIdx.x + 10 * blockIdx.y + 100 * blockIdx.z;
                ((float*)a[1])[block] = ((const float*)shared)[block];
                ((float*)shared)[block] = 1;
            }
            """;

    private static final String FAULTS = """
            GL_KERNEL(ends, 1, 64) {
                if (threadIdx.x < 40) {
                    __syncthreads();
                }
            }
            GL_KERNEL(parts, 1, 64) {
                if (threadIdx.x < 32) {
                    __syncthreads();
                } else {
                    __syncthreads();
                }
            }
            GL_KERNEL(wanders, 1, 32) {
                if (threadIdx.x == 3) {
                    __syncwarp();
                } else {
                    __shfl_sync(GL_ALL, 1, 0);
                }
            }
            GL_KERNEL(leans, 1, 32) {
                GL_SHARED(shared);
                float x[4];
                gl_load<4>((const float*)shared + 1, x);
            }
            GL_KERNEL(spills, 1, 32) {
                GL_SHARED(shared);
                shared[2 * threadIdx.x] = 0;
            }
            int main(int, char** arguments) {
                const int64_t a[1] = {}, two[5] = {1, 1, 1, 64, 0}, one[5] = {1, 1, 1, 32, 32};
                switch (arguments[1][0]) {
                    case 'e': ends(a, two);
                    case 'p': parts(a, two);
                    case 'w': wanders(a, one);
                    case 'l': leans(a, one);
                    default: spills(a, one);
                }
            }
            """;

    @TempDir
    static Path folder;

    private static EmulatedUnit unit;

    @BeforeAll
    static void build() {
        unit = EmulatedUnit.of(folder, KERNELS);
    }

    @AfterAll
    static void close() {
        unit.close();
    }

    @Test
    void blocksSum() {
        Memory x = new Memory(4 * 3 * 500);
        float[] sums = new float[3];
        for (int i = 0; i < 3 * 500; i++) {
            x.setFloat(4L * i, i % 7);
            sums[i / 500] += i % 7;
        }
        Memory out = new Memory(4 * 3);
        unit.launch("block_sum", 3, 96, 0, out, x, 500);
        assertThat(out.getFloatArray(0, 3)).isEqualTo(sums);
    }

    @Test
    void lanesExchange() {
        Memory out = new Memory(8 * 32 * 4);
        unit.launch("exchanges", 1, 32, 0, out);
        for (int lane = 0; lane < 32; lane++) {
            int[] found = new int[8];
            for (int i = 0; i < 8; i++) {
                found[i] = out.getInt(4L * (32 * i + lane));
            }
            assertThat(found)
                    .as("lane %d", lane)
                    .containsExactly(
                            5,
                            lane / 8 * 8 + 3,
                            lane % 8 < 2 ? lane : lane - 2,
                            lane < 29 ? lane + 3 : lane,
                            lane ^ 9,
                            11,
                            7,
                            lane < 16 ? lane ^ 1 : 0x30000);
        }
    }

    @Test
    void warpsMultiply() {
        long seed = 11;
        Random random = new Random(seed);
        int[] a = random.ints(256, -8, 9).toArray();
        int[] b = random.ints(128, -8, 9).toArray();
        float[] product = new float[128];
        for (int i = 0; i < 16; i++) {
            for (int j = 0; j < 8; j++) {
                for (int k = 0; k < 16; k++) {
                    product[i * 8 + j] += a[i * 16 + k] * b[k * 8 + j];
                }
            }
        }
        Memory c = new Memory(128 * 4);
        unit.launch("product", 1, 32, 1024, c, halves(a), halves(b));
        assertThat(c.getFloatArray(0, 128)).as("seed %d", seed).isEqualTo(product);
    }

    @Test
    void exponentialsAreWithinThreeUlpAndKeepWhatIsNotFinite() {
        float[] x = {0, 1, -1, 10.3f, -20.7f, 87.9f, -87.1f, 88.7f, 89, 100, 1e9f, -100, -1e9f};
        Memory in = new Memory(4L * (x.length + 3));
        in.write(0, x, 0, x.length);
        in.write(4L * x.length, new float[] {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN}, 0, 3);
        Memory out = new Memory(in.size());
        unit.launch("exponentials", 1, 32, 0, out, in, x.length + 3);
        for (int i = 0; i < x.length; i++) {
            float expected = x[i] < -87.3f ? 0 : (float) Math.exp(x[i]);
            float ulp = Float.isInfinite(expected) ? 0 : Math.ulp(expected);
            assertThat(out.getFloat(4L * i)).as("e^%s", x[i]).isBetween(expected - 3 * ulp, expected + 3 * ulp);
        }
        assertThat(out.getFloatArray(4L * x.length, 3)).containsExactly(Float.POSITIVE_INFINITY, 0, Float.NaN);
    }

    @Test
    void whereACopyGoesThereIsNothingToReadUntilItArrives() {
        Pointer x = new Memory(32).align(16);
        x.setFloat(0, 2);
        Memory out = new Memory(8);
        unit.launch("arrival", 1, 1, 16, out, x);
        assertThat(out.getFloatArray(0, 2)).containsExactly(Float.NaN, 2);
    }

    @Test
    void blocksRunFromBothEnds() {
        Memory turns = new Memory(5 * 4);
        turns.clear();
        unit.launch("turns", 4, 1, 0, turns);
        assertThat(turns.getIntArray(4, 4)).containsExactly(0, 2, 3, 1);
    }

    @Test
    void blocksHaveTheirPlaceAndMemoryWithoutValues() {
        Memory places = new Memory(24 * 4);
        Memory found = new Memory(24 * 4);
        unit.launch("places", new long[] {4, 3, 2, 1, 24 * 4}, places, found);
        for (int i = 0; i < 24; i++) {
            assertThat(places.getInt(4L * i)).isEqualTo(i % 4 + 10 * (i / 4 % 3) + 100 * (i / 12));
            assertThat(found.getFloat(4L * i)).isNaN();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ends, 24 of 64 threads have ended",
        "parts, 64 wait for the block in different places",
        "wanders, as thread",
        "leans, 16 bytes are accessed at an address that ends in 4",
        "spills, memory behind the block's was written"
    })
    void whatWouldHangOrFaultIsSaid(String kernel, String found) {
        Path program = folder.resolve("program");
        if (!Files.exists(program)) {
            EmulatedUnit.program(folder, FAULTS);
        }
        assertThat(EmulatedUnit.run(List.of(program.toString(), kernel)))
                .contains("Cannot emulate kernel " + kernel)
                .contains(found);
    }

    @Test
    void kernelsAreCudaToo() {
        assertThat(CudaUnit.report(folder, KERNELS))
                .contains("Compiling entry function")
                .doesNotContain("error");
    }

    /** In bf16, at an address that is a multiple of 16. */
    private static Pointer halves(int[] values) {
        Pointer memory = new Memory(2L * values.length + 16).align(16);
        for (int i = 0; i < values.length; i++) {
            memory.setShort(2L * i, (short) (Float.floatToIntBits(values[i]) >>> 16));
        }
        return memory;
    }
}
