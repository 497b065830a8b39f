//! A table of values that is handed over to a statement, whatever the number of its rows.
//!
//! The text of a statement must stay the same however many rows it is given, so that it is prepared
//! once, and its parameters must be few. SQLite, MariaDB and MySQL are given all the rows as one
//! JSON text, and SQLite its columns of bytes beside it; PostgreSQL, which takes longer to read JSON than to write what it says (measured: a
//! quarter of the time of an insert), an array for each column.

use sea_orm::sea_query::ArrayType;
use sea_orm::{DbErr, Value};
use serde::ser::SerializeSeq as _;
use serde::{Serialize, Serializer};

use super::Dialect;

/// What a column holds, row by row. All columns of a table have as many rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cells {
    /// Whole numbers of 64 bits.
    Integers(Vec<i64>),
    /// Whole numbers of 64 bits, or nothing.
    OptionalIntegers(Vec<Option<i64>>),
    /// Texts of up to so many characters, compared byte for byte.
    Texts(usize, Vec<String>),
    /// Texts of up to so many characters, or nothing.
    OptionalTexts(usize, Vec<Option<String>>),
    /// Bytes; up to 32 of them.
    Bytes(Vec<[u8; 32]>),
}

/// A table that a statement calls `c`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    columns: Vec<(&'static str, Cells)>,
}

impl Table {
    /// A table without columns.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a column. Its name is part of the statement's text.
    #[must_use]
    pub fn with(mut self, name: &'static str, cells: Cells) -> Self {
        self.columns.push((name, cells));
        self
    }

    /// A table of one column of numbers.
    pub fn of_integers(name: &'static str, integers: impl Iterator<Item = i64>) -> Self {
        Self::new().with(name, Cells::Integers(integers.collect()))
    }

    /// What stands for the table in a FROM, its parameters counted from `first`. The text depends
    /// on the columns alone. Rows come in their order on SQLite, MariaDB and MySQL; PostgreSQL
    /// promises none.
    pub fn sql(&self, dialect: Dialect, first: u8) -> String {
        let columns = || self.columns.iter().enumerate();
        match dialect {
            Dialect::Sqlite => self.sqlite(first),
            Dialect::MariaDb | Dialect::MySql => {
                let columns: Vec<String> = columns()
                    .map(|(place, (name, cells))| mysql_column(dialect, place, name, cells))
                    .collect();
                let (list, parameter) = (columns.join(", "), dialect.parameter(first));
                format!("JSON_TABLE({parameter}, '$[*]' COLUMNS ({list})) AS c")
            }
            Dialect::Postgres => self.postgres(first),
        }
    }

    /// The parameters, as [`Table::sql`] numbers them.
    ///
    /// # Errors
    ///
    /// [`DbErr::Json`] when the rows cannot be written as JSON, which texts and numbers always can.
    pub fn into_values(self, dialect: Dialect) -> Result<Vec<Value>, DbErr> {
        match dialect {
            Dialect::Sqlite => {
                let mut values = vec![self.json(Hashes::Apart)?];
                let hashes = self.columns.into_iter().filter_map(|(_name, cells)| match cells {
                    Cells::Bytes(cells) => Some(cells.concat().into()),
                    Cells::Integers(_)
                    | Cells::OptionalIntegers(_)
                    | Cells::Texts(..)
                    | Cells::OptionalTexts(..) => None,
                });
                values.extend(hashes);
                Ok(values)
            }
            Dialect::MariaDb | Dialect::MySql => Ok(vec![self.json(Hashes::Within)?]),
            Dialect::Postgres => {
                Ok(self.columns.into_iter().flat_map(|(_name, cells)| arrays(cells)).collect())
            }
        }
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.row_count() == 0
    }

    /// How many columns it has.
    pub fn column_count(&self) -> usize {
        self.columns.len()
    }

    fn row_count(&self) -> usize {
        self.columns.first().map_or(0, |(_name, cells)| match cells {
            Cells::Integers(cells) => cells.len(),
            Cells::OptionalIntegers(cells) => cells.len(),
            Cells::Texts(_, cells) => cells.len(),
            Cells::OptionalTexts(_, cells) => cells.len(),
            Cells::Bytes(cells) => cells.len(),
        })
    }

    fn json(&self, hashes: Hashes) -> Result<Value, DbErr> {
        let json = serde_json::to_string(&Rows { table: self, hashes });
        Ok(json.map_err(|error| DbErr::Json(error.to_string()))?.into())
    }

    /// All the bytes of a column are a parameter of their own, and each row takes its part of them:
    /// as digits within the JSON, which it writes and reads again for each row, they are half of it.
    fn sqlite(&self, first: u8) -> String {
        let json = Dialect::Sqlite.parameter(first);
        let (mut list, mut place, mut number) = (Vec::new(), 0_usize, first);
        for (name, cells) in &self.columns {
            // It takes a number behind the arrow for a place in the array.
            let column = match cells {
                Cells::Bytes(_) => {
                    number = number.saturating_add(1);
                    let bytes = Dialect::Sqlite.parameter(number);
                    list.push(format!("substr({bytes}, 1 + 32 * key, 32) AS {name}"));
                    continue;
                }
                Cells::Integers(_) | Cells::Texts(..) => format!("value ->> {place} AS {name}"),
                Cells::OptionalIntegers(_) | Cells::OptionalTexts(..) => {
                    format!("value ->> '$[{place}][0]' AS {name}")
                }
            };
            list.push(column);
            place = place.saturating_add(1);
        }
        format!("(SELECT {} FROM json_each({json})) AS c", list.join(", "))
    }

    /// The library hands no array over that has nulls in it, so a column that may be empty is two:
    /// its values, and whether they are there.
    fn postgres(&self, first: u8) -> String {
        let (mut list, mut arrays, mut names) = (Vec::new(), Vec::new(), Vec::new());
        let mut number = first;
        let mut array = |name: String, of: &str| {
            arrays.push(format!("{}::{of}[]", Dialect::Postgres.parameter(number)));
            names.push(name);
            number = number.saturating_add(1);
        };
        for (name, cells) in &self.columns {
            let (of, optional) = match cells {
                Cells::Integers(_) => ("bigint", false),
                Cells::OptionalIntegers(_) => ("bigint", true),
                Cells::Texts(..) => ("text", false),
                Cells::OptionalTexts(..) => ("text", true),
                Cells::Bytes(_) => ("bytea", false),
            };
            array((*name).to_owned(), of);
            if optional {
                array(format!("has_{name}"), "boolean");
                list.push(format!("CASE WHEN u.has_{name} THEN u.{name} END AS {name}"));
            } else {
                list.push(format!("u.{name}"));
            }
        }
        let (list, arrays, names) = (list.join(", "), arrays.join(", "), names.join(", "));
        format!("(SELECT {list} FROM unnest({arrays}) AS u({names})) AS c")
    }
}

fn mysql_column(dialect: Dialect, place: usize, name: &str, cells: &Cells) -> String {
    let collation = dialect.exact_collation().unwrap_or("utf8mb4_bin");
    let text =
        |chars: usize| format!("{name} VARCHAR({chars}) CHARACTER SET utf8mb4 COLLATE {collation}");
    match cells {
        Cells::Integers(_) => format!("{name} BIGINT PATH '$[{place}]'"),
        Cells::OptionalIntegers(_) => format!("{name} BIGINT PATH '$[{place}][0]'"),
        Cells::Texts(chars, _) => format!("{} PATH '$[{place}]'", text(*chars)),
        Cells::OptionalTexts(chars, _) => format!("{} PATH '$[{place}][0]'", text(*chars)),
        Cells::Bytes(_) => format!("{name} VARCHAR(64) PATH '$[{place}]'"),
    }
}

/// A column as arrays.
fn arrays(cells: Cells) -> Vec<Value> {
    fn array<T: Into<Value>>(of: ArrayType, cells: impl Iterator<Item = T>) -> Value {
        Value::Array(of, Some(Box::new(cells.map(Into::into).collect())))
    }
    match cells {
        Cells::Integers(cells) => vec![array(ArrayType::BigInt, cells.into_iter())],
        Cells::OptionalIntegers(cells) => vec![
            array(ArrayType::BigInt, cells.iter().map(|cell| cell.unwrap_or_default())),
            array(ArrayType::Bool, cells.iter().map(Option::is_some)),
        ],
        Cells::Texts(_, cells) => vec![array(ArrayType::String, cells.into_iter())],
        Cells::OptionalTexts(_, cells) => {
            let present = array(ArrayType::Bool, cells.iter().map(Option::is_some));
            let texts = cells.into_iter().map(Option::unwrap_or_default);
            vec![array(ArrayType::String, texts), present]
        }
        Cells::Bytes(cells) => {
            vec![array(ArrayType::Bytes, cells.into_iter().map(|cell| cell.to_vec()))]
        }
    }
}

/// Where bytes are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hashes {
    /// In the rows, as hexadecimal digits.
    Within,
    /// Elsewhere.
    Apart,
}

/// An array of arrays, one a row: with names the databases would read each name of a row again for
/// each column of it. What may not be there is in an array of its own, which is then empty: the
/// databases agree that what is missing is NULL, but not on what becomes of JSON's own null.
struct Rows<'a> {
    table: &'a Table,
    hashes: Hashes,
}

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let rows = self.table.row_count();
        let mut array = serializer.serialize_seq(Some(rows))?;
        for place in 0..rows {
            array.serialize_element(&Row { of: self, place })?;
        }
        array.end()
    }
}

struct Row<'a> {
    of: &'a Rows<'a>,
    place: usize,
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        fn cell<T, E: serde::ser::Error>(cells: &[T], place: usize) -> Result<&T, E> {
            cells.get(place).ok_or_else(|| E::custom("a column is shorter than the table"))
        }
        let Rows { table, hashes } = self.of;
        let mut row = serializer.serialize_seq(None)?;
        for (_name, cells) in &table.columns {
            match cells {
                Cells::Integers(cells) => row.serialize_element(cell(cells, self.place)?)?,
                Cells::OptionalIntegers(cells) => {
                    row.serialize_element(cell(cells, self.place)?.as_slice())?;
                }
                Cells::Texts(_, cells) => row.serialize_element(cell(cells, self.place)?)?,
                Cells::OptionalTexts(_, cells) => {
                    row.serialize_element(cell(cells, self.place)?.as_slice())?;
                }
                Cells::Bytes(cells) => {
                    let bytes = cell(cells, self.place)?;
                    if *hashes == Hashes::Within {
                        row.serialize_element(&hex(bytes))?;
                    }
                }
            }
        }
        row.end()
    }
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |four_bits: u8| DIGITS.get(usize::from(four_bits)).copied().map_or('0', char::from);
    let mut hex = String::with_capacity(bytes.len().saturating_mul(2));
    for byte in bytes {
        hex.push(digit(byte >> 4));
        hex.push(digit(byte & 0x0f));
    }
    hex
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        Table::of_integers("id", [1, 2].into_iter())
            .with("deduction_id", Cells::OptionalIntegers(vec![None, Some(7)]))
            .with("key", Cells::Texts(128, vec!["a\"b".to_owned(), "ä".to_owned()]))
            .with("reason", Cells::OptionalTexts(500, vec![Some(String::new()), None]))
            .with("hash", Cells::Bytes(vec![[0xab; 32], [0x01; 32]]))
    }

    #[test]
    fn rows_are_arrays_and_what_is_not_there_is_an_empty_one() {
        let values = table().into_values(Dialect::MariaDb).unwrap();
        let [Value::String(Some(json))] = values.as_slice() else { panic!("{values:?}") };
        let (first, second) = ("ab".repeat(32), "01".repeat(32));
        assert_eq!(
            json.as_str(),
            format!(r#"[[1,[],"a\"b",[""],"{first}"],[2,[7],"ä",[],"{second}"]]"#)
        );
    }

    #[test]
    fn sqlite_is_given_bytes_apart() {
        let table = table().with("last", Cells::Integers(vec![3, 4]));
        assert_eq!(
            table.sql(Dialect::Sqlite, 2),
            "(SELECT value ->> 0 AS id, value ->> '$[1][0]' AS deduction_id, value ->> 2 AS key, \
             value ->> '$[3][0]' AS reason, substr(?3, 1 + 32 * key, 32) AS hash, \
             value ->> 4 AS last FROM json_each(?2)) AS c"
        );
        let values = table.into_values(Dialect::Sqlite).unwrap();
        let [Value::String(Some(json)), Value::Bytes(Some(bytes))] = values.as_slice() else {
            panic!("{values:?}")
        };
        assert_eq!(json.as_str(), r#"[[1,[],"a\"b",[""],3],[2,[7],"ä",[],4]]"#);
        assert_eq!(bytes.as_slice(), [[0xab; 32], [0x01; 32]].concat());
    }

    #[test]
    fn columns_are_arrays_for_postgres_and_numbered_from_the_first() {
        let table = table();
        assert_eq!(
            table.sql(Dialect::Postgres, 2),
            "(SELECT u.id, CASE WHEN u.has_deduction_id THEN u.deduction_id END AS deduction_id, \
             u.key, CASE WHEN u.has_reason THEN u.reason END AS reason, u.hash \
             FROM unnest($2::bigint[], $3::bigint[], $4::boolean[], $5::text[], $6::text[], \
             $7::boolean[], $8::bytea[]) \
             AS u(id, deduction_id, has_deduction_id, key, reason, has_reason, hash)) AS c"
        );
        assert_eq!(table.into_values(Dialect::Postgres).unwrap().len(), 7);
    }

    #[test]
    fn a_column_that_is_too_short_is_told() {
        let table = table().with("short", Cells::Integers(vec![1]));
        assert!(table.into_values(Dialect::MariaDb).is_err());
    }
}
