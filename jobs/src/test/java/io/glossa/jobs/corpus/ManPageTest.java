package io.glossa.jobs.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ManPageTest {
    private static final String PAGE = """
            .\\" A comment. It says nothing here.
            .TH UTMP 5 "5 febbraio 2023" "Linux man\\-pages 6.03"
            .SH DESCRIZIONE
            Il file \\fIutmp\\fP permette di scoprire chi usa
            attualmente il sistema.  Ci possono essere più utenti di quelli riportati,
            .\\" within a paragraph
            poiché non tutti
            .B i programmi
            lo dicono.
            .PP
            Si veda
            .BR qualcosa .
            Un run\\-level \\(lqnuovo\\(rq è l\\(aqultimo.
            .nf
            Questo è un esempio.
            .fi
            \\[bu] Un punto qui sopra.
            Vale per 3 utenti soltanto.
            Scrive in /var/run/utmp ogni volta.
            minuscola fin dal suo inizio.
            .TP
            .IR Alcune " parole" " unite qui."
            Troppe parole in una frase sola che non finisce mai e poi mai se qualcuno non la ferma prima.
            .EX
            Mai letta anche questa.
            """;

    @Test
    void sentencesOfWordsAlone() {
        assertThat(ManPage.sentences(PAGE))
                .containsExactly(
                        "Il file utmp permette di scoprire chi usa attualmente il sistema.",
                        "Ci possono essere più utenti di quelli riportati, poiché non tutti i programmi lo dicono.",
                        "Si veda qualcosa.",
                        "Un run-level “nuovo” è l'ultimo.",
                        "Alcune parole unite qui.");
    }

    @Test
    void nothing() {
        assertThat(ManPage.sentences("")).isEmpty();
        assertThat(ManPage.sentences(".SH")).isEmpty();
    }
}
