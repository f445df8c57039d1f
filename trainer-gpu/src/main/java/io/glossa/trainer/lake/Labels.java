package io.glossa.trainer.lake;

import io.glossa.error.GlossaException;
import io.glossa.storage.HadoopFiles;
import io.glossa.storage.OrderHash;
import io.glossa.trainer.data.Utterance;
import io.glossa.trainer.objective.SymbolTable;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.avro.AvroParquetReader;
import org.apache.parquet.column.statistics.IntStatistics;
import org.apache.parquet.column.statistics.LongStatistics;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.filter2.predicate.FilterApi;
import org.apache.parquet.filter2.predicate.FilterPredicate;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;

/**
 * The texts of a training: Parquet files whose rows, {@value #COLUMNS}, are in the order of bucket, hash, id and copy from file to
 * file. In memory is which range of it each file holds. Where a text is empty, the utterance was forgotten, and its place is.
 */
public final class Labels {
    /** The columns. */
    public static final String COLUMNS = "bucket, order_hash, utterance_id, copy, n_frames, text";

    private record File(HadoopInputFile input, int[] buckets, long[] hashes) {
        boolean mayHold(int bucket, long first, long last) {
            return buckets[0] <= bucket && bucket <= buckets[1] && hashes[0] <= last && first <= hashes[1];
        }
    }

    private final String folder;
    private final SymbolTable symbols;
    private final List<File> files;

    private Labels(String folder, SymbolTable symbols, List<File> files) {
        this.folder = folder;
        this.symbols = symbols;
        this.files = files;
    }

    /** Names alone, of rows that have no texts: as below. */
    public static Labels names(String folder) {
        return in(folder, null);
    }

    /**
     * Looks at the files in a folder.
     *
     * @param folder as a URI
     * @param symbols that cover the texts
     */
    public static Labels in(String folder, SymbolTable symbols) {
        Configuration conf = HadoopFiles.conf();
        try {
            FileSystem system = FileSystem.get(URI.create(folder), conf);
            List<File> files = new ArrayList<>();
            for (FileStatus status : system.listStatus(new Path(folder))) {
                if (status.getPath().getName().endsWith(".parquet")) {
                    files.add(file(HadoopInputFile.fromStatus(status, conf)));
                }
            }
            files.sort(Comparator.comparing(file -> file.input().getPath().getName()));
            return new Labels(folder, symbols, files);
        } catch (IOException | RuntimeException e) {
            throw unreadable(folder, e);
        }
    }

    /** The labelled utterances of cells, given by ascending blocks, at least one, of so many blocks. */
    List<List<Utterance>> cells(int bucket, int[] blocks, int allBlocks) {
        List<List<Utterance>> cells = Stream.<List<Utterance>>generate(ArrayList::new)
                .limit(blocks.length)
                .toList();
        FilterPredicate wanted = FilterApi.and(
                FilterApi.eq(FilterApi.intColumn("bucket"), bucket),
                BlockHashes.condition(blocks, allBlocks, Labels::within, FilterApi::or));
        long first = OrderHash.first(blocks[0], allBlocks);
        long last = OrderHash.last(blocks[blocks.length - 1], allBlocks);
        for (File file : files) {
            if (file.mayHold(bucket, first, last)) {
                read(file, wanted, row -> {
                    int block = OrderHash.block((long) row.get("order_hash"), allBlocks);
                    cells.get(Arrays.binarySearch(blocks, block)).add(utterance(row));
                });
            }
        }
        return cells;
    }

    private Utterance utterance(GenericRecord row) {
        Object text = row.get("text");
        boolean isName = text == null || text.toString().isEmpty();
        int[] labels = isName ? new int[0] : symbols.encode(text.toString());
        Object copy = row.get("copy");
        Utterance utterance = new Utterance(row.get("utterance_id").toString(), (int) row.get("n_frames"), labels)
                .again(copy == null ? 0 : (int) copy);
        return isName ? utterance.emptied() : utterance;
    }

    private void read(File file, FilterPredicate wanted, Consumer<GenericRecord> use) {
        try (ParquetReader<GenericRecord> reader = AvroParquetReader.<GenericRecord>builder(file.input())
                .withFilter(FilterCompat.get(wanted))
                .build()) {
            for (GenericRecord row = reader.read(); row != null; row = reader.read()) {
                use.accept(row);
            }
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    private static FilterPredicate within(long first, long last) {
        return FilterApi.and(
                FilterApi.gtEq(FilterApi.longColumn("order_hash"), first),
                FilterApi.ltEq(FilterApi.longColumn("order_hash"), last));
    }

    /** A file and its first and last bucket and hash. */
    private static File file(HadoopInputFile input) throws IOException {
        int[] buckets = {Integer.MAX_VALUE, Integer.MIN_VALUE};
        long[] hashes = {Long.MAX_VALUE, Long.MIN_VALUE};
        try (ParquetFileReader footer = ParquetFileReader.open(input)) {
            for (BlockMetaData group : footer.getFooter().getBlocks()) {
                IntStatistics bucket = (IntStatistics) statistics(group, "bucket");
                LongStatistics hash = (LongStatistics) statistics(group, "order_hash");
                buckets[0] = Math.min(buckets[0], bucket.getMin());
                buckets[1] = Math.max(buckets[1], bucket.getMax());
                hashes[0] = Math.min(hashes[0], hash.getMin());
                hashes[1] = Math.max(hashes[1], hash.getMax());
            }
        }
        return new File(input, buckets, hashes);
    }

    private static Statistics<?> statistics(BlockMetaData group, String column) {
        return group.getColumns().stream()
                .filter(chunk -> chunk.getPath().toDotString().equals(column))
                .findFirst()
                .map(ColumnChunkMetaData::getStatistics)
                .orElseThrow();
    }

    private static GlossaException unreadable(String folder, Exception e) {
        return GlossaException.data("Cannot read the texts in " + folder + ": " + e
                        + ", expected what the training wrote there (start anew in another folder)")
                .causedBy(e);
    }
}
