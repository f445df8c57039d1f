package io.glossa.storage;

import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.io.InputFile;

/**
 * The rows of several files, one open at a time. (A flat-mapped stream would hold a whole file in memory as soon as
 * somebody took its iterator.)
 */
final class RowStream extends Spliterators.AbstractSpliterator<GenericRecord> {
    private final Iterator<InputFile> files;
    private final RowProjection projection;
    private RowFile open;

    private RowStream(Iterator<InputFile> files, RowProjection projection) {
        super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
        this.files = files;
        this.projection = projection;
    }

    static Stream<GenericRecord> of(List<InputFile> files, RowProjection projection) {
        RowStream rows = new RowStream(files.iterator(), projection);
        return StreamSupport.stream(rows, false).onClose(rows::closeFile);
    }

    @Override
    public boolean tryAdvance(Consumer<? super GenericRecord> action) {
        while (open != null || files.hasNext()) {
            if (open == null) {
                open = RowFile.open(files.next(), projection);
            }
            GenericRecord row = open.next();
            if (row != null) {
                action.accept(row);
                return true;
            }
            closeFile();
        }
        return false;
    }

    private void closeFile() {
        if (open != null) {
            RowFile closing = open;
            open = null;
            closing.close();
        }
    }
}
