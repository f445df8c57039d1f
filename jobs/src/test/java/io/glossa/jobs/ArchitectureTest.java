package io.glossa.jobs;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.format.DateTimeFormatter;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The lines between the modules, which no compiler holds. */
class ArchitectureTest {
    private static final List<String> MODULES =
            List.of("storage", "featurize", "trainer-gpu", "pseudo-label-nst", "jobs");
    private static final JavaClasses GLOSSA = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.glossa");
    private static final String STORAGE = "io.glossa.storage..";
    private static final String FEATURIZE = "io.glossa.featurize..";
    private static final String TRAINER = "io.glossa.trainer..";
    private static final String LABELS = "io.glossa.nst..";
    private static final String JOBS = "io.glossa.jobs..";

    @Test
    void modulesDependOneWay() {
        forbid("io.glossa.error..", STORAGE, FEATURIZE, TRAINER, LABELS, JOBS);
        forbid("io.glossa.config..", STORAGE, FEATURIZE, TRAINER, LABELS, JOBS);
        forbid("io.glossa.text..", STORAGE, FEATURIZE, TRAINER, LABELS, JOBS);
        forbid(STORAGE, FEATURIZE, TRAINER, LABELS, JOBS);
        forbid(FEATURIZE, TRAINER, LABELS, JOBS);
        forbid(TRAINER, FEATURIZE, LABELS, JOBS);
        forbid(LABELS, JOBS);
    }

    @Test
    void onlyJobsAndStagesKnowSpark() {
        noClasses()
                .that(DescribedPredicate.not(resideInAPackage(JOBS)).and(DescribedPredicate.not(partOfAStage())))
                .should()
                .dependOnClassesThat(resideInAPackage("org.apache.spark.."))
                .check(GLOSSA);
    }

    @Test
    void compilerAndModelKnowNeitherLakeNorHadoop() {
        String[] inner = Stream.of("ir", "trace", "autograd", "lower", "fuse", "emit", "runtime", "nn", "objective")
                .map(name -> "io.glossa.trainer." + name + "..")
                .toArray(String[]::new);
        noClasses()
                .that(resideInAnyPackage(inner))
                .should()
                .dependOnClassesThat(resideInAnyPackage(STORAGE, "org.apache.hadoop.."))
                .check(GLOSSA);
    }

    @Test
    void theTrainerRunsWithoutSpark() {
        forbid(TRAINER, "org.apache.spark..");
    }

    /** Not its digits, not its letters, not its bytes: what a machine reads is the same for everybody. */
    @Test
    void nothingHangsOnThePersonsLocaleOrCharset() {
        noClasses()
                .should()
                .callMethod(String.class, "format", String.class, Object[].class)
                .orShould()
                .callMethod(String.class, "formatted", Object[].class)
                .orShould()
                .callMethod(String.class, "toLowerCase")
                .orShould()
                .callMethod(String.class, "toUpperCase")
                .orShould()
                .callMethod(String.class, "getBytes")
                .orShould()
                .callConstructor(String.class, byte[].class)
                .orShould()
                .callConstructor(String.class, byte[].class, int.class, int.class)
                .orShould()
                .callMethod(PrintStream.class, "printf", String.class, Object[].class)
                .orShould()
                .callMethod(PrintStream.class, "format", String.class, Object[].class)
                .orShould()
                .callMethod(PrintWriter.class, "printf", String.class, Object[].class)
                .orShould()
                .callMethod(PrintWriter.class, "format", String.class, Object[].class)
                .orShould()
                .callConstructor(Formatter.class)
                .orShould()
                .callConstructor(InputStreamReader.class, InputStream.class)
                .orShould()
                .callConstructor(OutputStreamWriter.class, OutputStream.class)
                .orShould()
                .callMethod(Locale.class, "getDefault")
                .orShould()
                .callMethod(Charset.class, "defaultCharset")
                .orShould()
                .callMethod(DateTimeFormatter.class, "ofPattern", String.class)
                .check(GLOSSA);
    }

    @Test
    void everyPackageSaysWhatItDoes() throws IOException {
        for (String module : MODULES) {
            Path sources = Path.of("..", module, "src", "main", "java");
            try (Stream<Path> files = Files.walk(sources)) {
                assertThat(files.filter(file -> file.toString().endsWith(".java"))
                                .map(Path::getParent)
                                .distinct())
                        .as("packages of %s", module)
                        .isNotEmpty()
                        .allMatch(folder -> Files.exists(folder.resolve("package-info.java")));
            }
        }
    }

    private static void forbid(String from, String... to) {
        noClasses()
                .that()
                .resideInAPackage(from)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(to)
                .check(GLOSSA);
    }

    /** A class named {@code …Stage}, or one inside it. */
    private static DescribedPredicate<JavaClass> partOfAStage() {
        return DescribedPredicate.describe(
                "are part of a stage", type -> type.getName().matches(".*Stage(\\$.*)?"));
    }
}
