package io.glossa.storage;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.ExpressionVisitors;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.expressions.UnboundPredicate;
import org.apache.iceberg.types.Types;
import org.apache.parquet.filter2.predicate.FilterApi;
import org.apache.parquet.filter2.predicate.FilterPredicate;
import org.apache.parquet.filter2.predicate.Operators;
import org.apache.parquet.io.api.Binary;

/**
 * A filter as Parquet understands it, which skips row groups and pages by their statistics. It keeps all rows that the filter
 * keeps, and may keep more: of comparisons it knows those of numbers and texts, by order, equality and absence.
 */
final class ParquetPruning extends ExpressionVisitors.ExpressionVisitor<Optional<FilterPredicate>> {
    private final Map<String, Types.NestedField> columns;

    private ParquetPruning(Map<String, Types.NestedField> columns) {
        this.columns = columns;
    }

    /** @param columns as they are in the file, by their names in the filter; those that the file lacks are not among them */
    static Optional<FilterPredicate> of(Expression filter, Map<String, Types.NestedField> columns) {
        return ExpressionVisitors.visit(Expressions.rewriteNot(filter), new ParquetPruning(columns));
    }

    @Override
    public Optional<FilterPredicate> alwaysTrue() {
        return Optional.empty();
    }

    @Override
    public Optional<FilterPredicate> alwaysFalse() {
        return Optional.empty();
    }

    @Override
    public Optional<FilterPredicate> and(Optional<FilterPredicate> left, Optional<FilterPredicate> right) {
        return left.isPresent() && right.isPresent() ? both(left, right, FilterApi::and) : left.or(() -> right);
    }

    @Override
    public Optional<FilterPredicate> or(Optional<FilterPredicate> left, Optional<FilterPredicate> right) {
        return both(left, right, FilterApi::or);
    }

    @Override
    public <T> Optional<FilterPredicate> predicate(UnboundPredicate<T> predicate) {
        Types.NestedField column = columns.get(predicate.ref().name());
        if (column == null) {
            return Optional.empty();
        }
        return switch (column.type().typeId()) {
            case INTEGER ->
                compared(predicate, FilterApi.intColumn(column.name()), value -> ((Number) value).intValue());
            case LONG ->
                compared(predicate, FilterApi.longColumn(column.name()), value -> ((Number) value).longValue());
            case STRING ->
                compared(
                        predicate, FilterApi.binaryColumn(column.name()), value -> Binary.fromString(value.toString()));
            default -> Optional.empty();
        };
    }

    private static <V extends Comparable<V>, C extends Operators.Column<V> & Operators.SupportsLtGt>
            Optional<FilterPredicate> compared(UnboundPredicate<?> predicate, C column, Function<Object, V> in) {
        List<V> values = predicate.literals() == null
                ? List.of()
                : predicate.literals().stream()
                        .map(literal -> in.apply(literal.value()))
                        .toList();
        return Optional.ofNullable(
                switch (predicate.op()) {
                    case EQ -> FilterApi.eq(column, values.get(0));
                    case LT -> FilterApi.lt(column, values.get(0));
                    case LT_EQ -> FilterApi.ltEq(column, values.get(0));
                    case GT -> FilterApi.gt(column, values.get(0));
                    case GT_EQ -> FilterApi.gtEq(column, values.get(0));
                    case IS_NULL -> FilterApi.eq(column, null);
                    case NOT_NULL -> FilterApi.notEq(column, null);
                    case IN ->
                        values.stream()
                                .<FilterPredicate>map(value -> FilterApi.eq(column, value))
                                .reduce(FilterApi::or)
                                .orElse(null);
                    default -> null;
                });
    }

    private static Optional<FilterPredicate> both(
            Optional<FilterPredicate> left, Optional<FilterPredicate> right, BinaryOperator<FilterPredicate> join) {
        return left.flatMap(one -> right.map(other -> join.apply(one, other)));
    }
}
