package io.glossa.jobs.train;

import io.glossa.jobs.spark.LakeOptions;
import io.glossa.jobs.spark.Session;
import io.glossa.storage.Lake;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code submit pretrain}. */
@Command(
        name = PretrainJob.NAME,
        description = {
            "Pre-trains an encoder on features without texts, by BEST-RQ.",
            "Run again after an interruption, it goes on from its last checkpoint; run again when done, it does nothing."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Settings (--set)",
            "  model     layers, speech-layers, d-model, heads, ffn, kernel, mels, channels, adapter-width,",
            "            convolution (crossing, causal-chunk),",
            "            attention (full, local:LEFT,RIGHT, chunk:FRAMES of 40 ms)",
            "  BEST-RQ   codebooks, codes, code-dim, capacity, mask-start, mask-span, noise",
            "  training  passes, batch-seconds, parts, buckets, learning-rate, warmup-steps,",
            "            hold-share, floor-share, weight-decay, clip-norm, skip-share, seed,",
            "            encoder-learning-rate, encoder-warmup-steps, encoder-delay-steps,",
            "            freeze, checkpoint-steps, keep-last, keep-every, checksum-steps,",
            "            optimizer-state (fp32, bf16), sharding (none, optimizer, parameters),",
            "            dtype (fp32, bf16; on GPUs also fp8, fp8-fast)",
            "",
            "Example",
            "  ./glossa submit pretrain --lake work/lake --splits train,unlabelled"
        })
public final class PretrainCommand implements Callable<Integer> {
    @Mixin
    private LakeOptions lakeOptions;

    @Option(
            names = "--preset",
            paramLabel = "NAME",
            defaultValue = "xs",
            completionCandidates = PresetNames.class,
            description = "model: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    private String preset;

    @Mixin
    private TrainOptions train;

    @Override
    public Integer call() {
        try (Lake lake = lakeOptions.open()) {
            PretrainConfig config = PretrainConfig.of(
                            preset, train.set(), train.splits(), train.folder(lake, PretrainJob.NAME))
                    .on(train.features())
                    .on(train.machine());
            try (Session session =
                    Session.open(PretrainJob.NAME, lake, train.machine().device())) {
                PretrainJob.run(config, lake, session.spark()).summary().print(System.out);
            }
        }
        return 0;
    }
}
