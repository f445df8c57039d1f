package io.glossa.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.glossa.error.ErrorType;
import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import io.glossa.trainer.objective.Head;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Options that are short for settings, and such as go together with others alone. */
class FinetuneCommandTest {
    private static final Folder OUT = new Folder("/nowhere/out");

    @Test
    void patternsAreOneSetting() {
        FinetuneConfig config = config("--freeze", "encoder.subsampling.**", "--freeze", "encoder.blocks.0.**");
        assertThat(config.training().groups().freeze())
                .isEqualTo(List.of("encoder.blocks.0.**", "encoder.subsampling.**"));
    }

    @Test
    void aHeadHasItsOwnSettings() {
        FinetuneConfig config = config("--head", "rnnt", "--set", "joint-width=40", "--set", "spec-augment=false");
        assertThat(config.head())
                .isEqualTo(new HeadChoice(
                        Head.RNNT,
                        Map.of(
                                "prediction-width", "512",
                                "joint-width", "40",
                                "ctc-weight", "0.3",
                                "spec-augment", "false")));
        assertThatThrownBy(() -> config("--set", "joint-width=40"))
                .hasMessageStartingWith("Cannot set 'joint-width': no such key, expected one of layers, ");
        refused("Cannot train head 'rntt': expected one of ctc, rnnt, las (did you mean 'rnnt'?)", "--head", "rntt");
    }

    @Test
    void theSettingAloneSaysWhatIsFrozen() {
        FinetuneConfig config = config("--set", "freeze=encoder.blocks.0.**");
        assertThat(config.training().groups().freeze()).isEqualTo(List.of("encoder.blocks.0.**"));
    }

    @Test
    void whatIsSaidTwiceIsRefused() {
        refused(
                "Cannot set 'freeze' twice: found --freeze and --set freeze=ctc.**, expected one of them"
                        + " (--freeze PATTERN goes with --adapters)",
                "--freeze",
                "encoder.**",
                "--set",
                "freeze=ctc.**");
        refused(
                "Cannot set 'adapter-width' twice: found --adapters 8 and --set adapter-width=4, expected one of them"
                        + " (--freeze PATTERN goes with --adapters)",
                "--init",
                "/nowhere/model",
                "--adapters",
                "8",
                "--set",
                "adapter-width=4");
        refused(
                "Cannot set 'freeze' twice: found --adapters and --set freeze=ctc.**, expected one of them"
                        + " (--freeze PATTERN goes with --adapters)",
                "--init",
                "/nowhere/model",
                "--adapters",
                "8",
                "--set",
                "freeze=ctc.**");
    }

    @Test
    void aNewModelHasNoBase() {
        refused(
                "Cannot use --base /nowhere/base: a new model has no adapters, expected --init DIR of a model that has"
                        + " some (leave --base out)",
                "--preset",
                "xs",
                "--base",
                "/nowhere/base");
    }

    private static void refused(String message, String... words) {
        assertThatThrownBy(() -> config(words))
                .isInstanceOfSatisfying(
                        GlossaException.class, error -> assertThat(error.type()).isEqualTo(ErrorType.USER))
                .hasMessage(message);
    }

    private static FinetuneConfig config(String... words) {
        List<String> all = new ArrayList<>(List.of("--lake", "/nowhere/lake"));
        all.addAll(List.of(words));
        FinetuneCommand command = new FinetuneCommand();
        new CommandLine(command)
                .registerConverter(Folder.class, location -> new Folder(location))
                .parseArgs(all.toArray(new String[0]));
        return command.config(OUT);
    }
}
