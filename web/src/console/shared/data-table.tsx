/** Rows of anything, as a table that can be read by a screen reader and scrolled by the keyboard. */
import { tableFeatures, useTable, type ColumnDef, type RowData } from "@tanstack/react-table";

export const features = tableFeatures({});
/**
 * A column of a `DataTable`. `meta.numeric` has its cells end where numbers end; one that is
 * `meta.secondary` is left out where there is no room, as on a phone.
 */
export type Column<Row extends RowData> = ColumnDef<typeof features, Row, unknown>;

declare module "@tanstack/react-table" {
  // The library's own parameters, which have to be named alike.
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  interface ColumnMeta<TFeatures, TData, TValue> {
    numeric?: boolean;
    secondary?: boolean;
  }
}

interface DataTableProps<Row extends RowData> {
  /** What the rows are, for those who do not see them. */
  caption: string;
  columns: Column<Row>[];
  rows: Row[];
  rowId: (row: Row) => string;
  /** What is special about a row, as a class. */
  rowClass?: (row: Row) => string | undefined;
}

export function DataTable<Row extends RowData>(props: DataTableProps<Row>) {
  const { caption, columns, rows, rowId, rowClass } = props;
  const table = useTable({ features, columns, data: rows, getRowId: rowId });
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={caption}>
      <table>
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              {group.headers.map((header) => (
                <th
                  key={header.id}
                  scope="col"
                  className={classOf(header.column.columnDef.meta)}
                >
                  {header.isPlaceholder ? null : <table.FlexRender header={header} />}
                </th>
              ))}
            </tr>
          ))}
        </thead>
        <tbody>
          {table.getRowModel().rows.map((row) => (
            <tr key={row.id} className={rowClass?.(row.original)}>
              {row.getAllCells().map((cell) => (
                <td
                  key={cell.id}
                  className={classOf(cell.column.columnDef.meta)}
                >
                  <table.FlexRender cell={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function classOf(meta: { numeric?: boolean; secondary?: boolean } | undefined): string | undefined {
  const classes = [meta?.numeric && "numeric", meta?.secondary && "secondary"].filter(Boolean);
  return classes.length === 0 ? undefined : classes.join(" ");
}
