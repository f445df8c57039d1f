package io.glossa.jobs.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.glossa.error.GlossaException;
import io.glossa.storage.Folder;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/** The file in a run's folder that says which driver trains there. */
record LeaseFile(Folder folder) {
    static final String NAME = "driver.json";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Empty where nobody does; one that cannot be read is nobody's. */
    Optional<Driver> read() {
        try {
            return folder.version(NAME).isEmpty()
                    ? Optional.empty()
                    : Optional.of(JSON.readValue(folder.read(NAME), Driver.class));
        } catch (JsonProcessingException | FileNotFoundException | NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw GlossaException.resource("Cannot read " + folder.file(NAME) + ": " + e)
                    .causedBy(e);
        }
    }

    void write(Driver driver) {
        try {
            folder.write(NAME, JSON.writeValueAsBytes(driver));
        } catch (IOException e) {
            throw GlossaException.resource(
                            "Cannot write " + folder.file(NAME) + ": " + e + ", expected a writable folder")
                    .causedBy(e);
        }
    }
}
