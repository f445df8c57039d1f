package io.glossa.trainer.emit.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hand-written kernels for sm_90, in the instances that take the most registers. */
class WrittenKernelsTest {
    private static final Pattern KEPT_IN_MEMORY =
            Pattern.compile(".*\\b[1-9]\\d* bytes (stack frame|spill stores|spill loads).*");

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "arrays.cuh | 256 | gl_gather<GlWord<1>::type> gl_gather<GlWord<4>::type> gl_gather<GlWord<16>::type>",
                "arrays.cuh | 512 | gl_scatter_narrow<float,true> gl_scatter_narrow<float,false>"
                        + " gl_scatter_narrow<int32_t,true> gl_scatter_narrow<int32_t,false>"
                        + " gl_scatter_wide<float,4> gl_scatter_wide<float,1> gl_scatter_wide<int32_t,4>",
                "arrays.cuh | 1024 | gl_cumsum<float,4> gl_cumsum<float,1> gl_cumsum<int32_t,4>",
                "attention.cuh | 192 | gl_chunk_attention<8,8> gl_chunk_attention<8,4> gl_chunk_attention<6,8>",
                "attention_gradient.cuh | 192 | gl_attention_weights<8,8> gl_attention_weights<8,1> gl_attention_weights<6,8>",
                "attention_gradient.cuh | 256 | gl_attention_dqkv<8,8> gl_attention_dr<8,8> gl_attention_dp<8,8>"
                        + " gl_attention_dp_sum<8>",
                "attention.cuh | 192 | gl_chunk_attention<8,8,true> gl_chunk_attention<6,8,true>",
                "attention_gradient.cuh | 192 | gl_attention_weights<8,8,true> gl_attention_weights<6,8,true>",
                "attention_gradient.cuh | 256 | gl_attention_dqkv<8,8,true> gl_attention_dr<8,8,true>"
                        + " gl_attention_dp<8,8,true> gl_attention_dp_sum<8,true>",
                "codebook_search.cuh | 128 | gl_codebook_search<4,4> gl_codebook_search<8,4> gl_codebook_search<16,4>"
                        + " gl_codebook_search<32,2> gl_codebook_search<64,1> gl_codebook_choose",
                "ctc.cuh | 64 | gl_ctc_nll<64,1> gl_ctc_alignments<64,1> gl_ctc_backward<64,1>",
                "ctc.cuh | 128 | gl_ctc_normalisers<1> gl_ctc_normalisers<4> gl_ctc_gradient<1> gl_ctc_gradient<4>",
                "ctc.cuh | 256 | gl_ctc_nll<256,1> gl_ctc_alignments<256,1> gl_ctc_backward<256,1>",
                "ctc.cuh | 1024 | gl_ctc_nll<1024,1> gl_ctc_alignments<1024,4> gl_ctc_backward<1024,4>",
                "depthwise.cuh | 256 | gl_tap_segments<3,4> gl_tap_segments<5,4> gl_tap_segments<9,4>"
                        + " gl_tap_segments<11,1> gl_tap_segments<31,1> gl_tap_sums<5> gl_tap_sums<31>",
                "transducer.cuh | 256 | gl_transducer_planes<gl_bf16> gl_transducer_planes<float> gl_transducer_losses"
                        + " gl_transducer_alignment",
                "transducer_gradient.cuh | 256 | gl_transducer_begin<gl_bf16> gl_transducer_logits<gl_bf16>"
                        + " gl_transducer_logits<float> gl_transducer_back<gl_bf16> gl_transducer_back<float>"
                        + " gl_transducer_weight<gl_bf16> gl_transducer_weight<float> gl_transducer_bias<gl_bf16>",
            })
    void registersSuffice(String header, int threads, String functions) {
        String[] each = functions.split(" ");
        String kernels = Arrays.stream(each)
                .map(function -> "GL_KERNEL(" + function.replaceAll("\\W+", "_") + ", 24, " + threads
                        + ") { GL_ARGUMENTS " + function + "(a); }\n")
                .collect(Collectors.joining());
        String report = CudaUnit.report(folder, Dialect.kernels(header) + kernels);
        assertThat(report.lines().filter(line -> line.contains("Compiling entry function")))
                .as(report)
                .hasSize(each.length);
        assertThat(report.lines().filter(line -> KEPT_IN_MEMORY.matcher(line).matches()))
                .as(report)
                .isEmpty();
    }
}
