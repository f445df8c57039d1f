package io.glossa.storage;

import java.util.List;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.ReplaceSortOrder;
import org.apache.iceberg.SortField;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.UpdatePartitionSpec;
import org.apache.iceberg.UpdateProperties;

/** Where the rows of new files lie, as a table's kind says today; files that are there stay as they are. */
final class TableLayout {
    private TableLayout() {}

    /** Gives a table, which has all columns of its kind, the kind's partitions and order, and with them its properties. */
    static void bring(Table table, LakeTable kind) {
        if (!names(table.spec()).equals(names(kind.partitionSpec()))) {
            Transaction both = table.newTransaction();
            UpdatePartitionSpec update = both.updateSpec();
            names(table.spec()).forEach(update::removeField);
            names(kind.partitionSpec()).forEach(update::addField);
            update.commit();
            UpdateProperties properties = both.updateProperties();
            kind.properties().forEach(properties::set);
            properties.commit();
            both.commitTransaction();
        }
        if (!names(table, table.sortOrder()).equals(names(kind))) {
            ReplaceSortOrder update = table.replaceSortOrder();
            names(kind).forEach(update::asc);
            update.commit();
        }
    }

    /** Of partitions by value, which are named as their columns. */
    private static List<String> names(PartitionSpec spec) {
        return spec.fields().stream()
                .filter(field -> !field.transform().isVoid())
                .map(PartitionField::name)
                .toList();
    }

    private static List<String> names(LakeTable kind) {
        SortOrder order = kind.sortOrder();
        return order.fields().stream()
                .map(field -> kind.icebergSchema().findColumnName(field.sourceId()))
                .toList();
    }

    private static List<String> names(Table table, SortOrder order) {
        return order.fields().stream()
                .map(SortField::sourceId)
                .map(table.schema()::findColumnName)
                .toList();
    }
}
