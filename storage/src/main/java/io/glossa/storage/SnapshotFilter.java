package io.glossa.storage;

import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.BoundPredicate;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.ExpressionVisitors;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.expressions.UnboundPredicate;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.util.SnapshotUtil;

/**
 * A filter in today's column names as one in a snapshot's own: Iceberg plans a snapshot with the schema that it was
 * written with. What the snapshot's columns cannot say becomes true, which prunes nothing.
 */
final class SnapshotFilter extends ExpressionVisitors.ExpressionVisitor<Expression> {
    private final Schema today;
    private final Schema then;

    private SnapshotFilter(Schema today, Schema then) {
        this.today = today;
        this.then = then;
    }

    static Expression translate(Expression filter, Table table, long snapshot) {
        Schema then = SnapshotUtil.schemaFor(table, snapshot);
        return ExpressionVisitors.visit(Expressions.rewriteNot(filter), new SnapshotFilter(table.schema(), then));
    }

    @Override
    public Expression alwaysTrue() {
        return Expressions.alwaysTrue();
    }

    @Override
    public Expression alwaysFalse() {
        return Expressions.alwaysFalse();
    }

    @Override
    public Expression and(Expression left, Expression right) {
        return Expressions.and(left, right);
    }

    @Override
    public Expression or(Expression left, Expression right) {
        return Expressions.or(left, right);
    }

    @Override
    public <T> Expression predicate(BoundPredicate<T> predicate) {
        return Expressions.alwaysTrue();
    }

    @Override
    public <T> Expression predicate(UnboundPredicate<T> predicate) {
        Types.NestedField column = today.findField(predicate.ref().name());
        String name = then.findColumnName(column.fieldId());
        if (column.name().equals(name)) {
            return predicate;
        }
        return name == null ? Expressions.alwaysTrue() : renamed(predicate, name);
    }

    private static <T> Expression renamed(UnboundPredicate<T> predicate, String name) {
        return switch (predicate.op()) {
            case IS_NULL, NOT_NULL, IS_NAN, NOT_NAN -> Expressions.predicate(predicate.op(), name);
            default ->
                Expressions.predicate(
                        predicate.op(),
                        name,
                        predicate.literals().stream()
                                .map(literal -> literal.value())
                                .toList());
        };
    }
}
