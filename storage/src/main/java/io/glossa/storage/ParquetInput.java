package io.glossa.storage;

import java.io.IOException;
import org.apache.iceberg.io.SeekableInputStream;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;

/** A file of Iceberg's FileIO as Parquet's reader wants it. */
record ParquetInput(org.apache.iceberg.io.InputFile file) implements InputFile {
    @Override
    public long getLength() {
        return file.getLength();
    }

    @Override
    public org.apache.parquet.io.SeekableInputStream newStream() {
        SeekableInputStream in = file.newStream();
        return new DelegatingSeekableInputStream(in) {
            @Override
            public long getPos() throws IOException {
                return in.getPos();
            }

            @Override
            public void seek(long position) throws IOException {
                in.seek(position);
            }
        };
    }

    @Override
    public String toString() {
        return file.location();
    }
}
