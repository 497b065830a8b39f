//! The rows of the file, each with the line on which it begins.

use std::fmt;
use std::io::{self, Read};

use csv::{ByteRecord, Reader, ReaderBuilder, Terminator};

/// A row, as the file spells it. Whether it makes sense the domain tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// The line on which it begins, from 1.
    pub(super) line: u64,
    pub(super) sku_id: String,
    pub(super) quantity: i32,
    pub(super) reason: Option<String>,
}

/// A row that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WrongRow {
    pub(super) line: u64,
    pub(super) message: String,
}

impl fmt::Display for WrongRow {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.line, self.message)
    }
}

/// Where the columns are.
#[derive(Clone, Copy, Debug)]
struct Columns {
    sku_id: usize,
    quantity: usize,
    reason: Option<usize>,
    count: usize,
}

/// Reads the rows one by one.
#[derive(Debug)]
pub(super) struct Rows<R> {
    reader: Reader<io::Chain<R, &'static [u8]>>,
    record: ByteRecord,
    columns: Columns,
    broken: bool,
}

impl<R: Read> Rows<R> {
    /// Reads the header.
    ///
    /// A byte order mark, CRLF, blank lines and a missing end of the last line are all let be.
    /// The reader is told that only LF ends a line, and is given one more at the end, so that
    /// the count of lines is certain; what is left of CRLF is cut off here.
    ///
    /// # Errors
    ///
    /// [`WrongRow`] when the header does not name the columns.
    pub(super) fn start(source: R) -> Result<Self, WrongRow> {
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .terminator(Terminator::Any(b'\n'))
            .from_reader(source.chain(b"\n".as_slice()));
        let columns = Columns { sku_id: 0, quantity: 0, reason: None, count: 0 };
        let mut rows = Self { reader, record: ByteRecord::new(), columns, broken: false };
        let (line, names) = rows.fields().unwrap_or_else(|| Ok((1, Vec::new())))?;
        rows.columns = Columns::named(&names).map_err(|message| WrongRow { line, message })?;
        Ok(rows)
    }

    /// How far in the file the reader is.
    pub(super) fn bytes_read(&self) -> u64 {
        self.reader.position().byte()
    }

    /// The next line that is not blank; `None` at the end.
    fn fields(&mut self) -> Option<Result<(u64, Vec<String>), WrongRow>> {
        while !self.broken {
            match self.reader.read_byte_record(&mut self.record) {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => {
                    self.broken = true;
                    let line = self.reader.position().line();
                    let message = format!("the file cannot be read any further: {error}");
                    return Some(Err(WrongRow { line, message }));
                }
            }
            let bytes = self.record.as_slice();
            // The ends of line within the record, and its own.
            let ends = bytes.split(|byte| *byte == b'\n').count();
            let ends = u64::try_from(ends).unwrap_or(u64::MAX);
            let line = self.reader.position().line().saturating_sub(ends);
            if bytes.iter().all(u8::is_ascii_whitespace) && self.record.len() == 1 {
                continue;
            }
            let last = self.record.len().saturating_sub(1);
            let fields = self.record.iter().enumerate().map(|(index, field)| {
                let field =
                    if index == last { field.strip_suffix(b"\r").unwrap_or(field) } else { field };
                String::from_utf8(field.to_vec())
            });
            let fields: Result<Vec<String>, _> = fields.collect();
            let message = "is not UTF-8".to_owned();
            return Some(
                fields
                    .map(|fields| (line, fields))
                    .map_err(|_not_utf_8| WrongRow { line, message }),
            );
        }
        None
    }
}

impl<R: Read> Iterator for Rows<R> {
    type Item = Result<Row, WrongRow>;

    fn next(&mut self) -> Option<Self::Item> {
        let columns = self.columns;
        Some(self.fields()?.and_then(|(line, fields)| {
            columns.row(line, &fields).map_err(|message| WrongRow { line, message })
        }))
    }
}

impl Columns {
    fn named(names: &[String]) -> Result<Self, String> {
        let names: Vec<String> = names.iter().map(|name| name.trim().to_lowercase()).collect();
        for (index, name) in names.iter().enumerate() {
            if !["sku_id", "quantity", "reason"].contains(&name.as_str()) {
                return Err(format!(
                    "the header names a column {name:?}; there are sku_id, quantity and reason"
                ));
            }
            if names.iter().skip(index).filter(|other| *other == name).count() > 1 {
                return Err(format!("the header names the column {name} twice"));
            }
        }
        let place = |column: &str| names.iter().position(|name| name == column);
        let needed = "the first line must be a header that names the columns sku_id and quantity";
        Ok(Self {
            sku_id: place("sku_id").ok_or(needed)?,
            quantity: place("quantity").ok_or(needed)?,
            reason: place("reason"),
            count: names.len(),
        })
    }

    fn row(&self, line: u64, fields: &[String]) -> Result<Row, String> {
        if fields.len() != self.count {
            return Err(format!(
                "has {} fields where the header has {}; a field with a comma in it goes in quotes",
                fields.len(),
                self.count
            ));
        }
        let field = |index: usize| fields.get(index).map(String::as_str).unwrap_or_default();
        let quantity = field(self.quantity).trim();
        let quantity = quantity
            .parse()
            .map_err(|_not_a_number| format!("quantity must be a whole number, is {quantity:?}"))?;
        let reason = self.reason.map(field).filter(|reason| !reason.is_empty());
        Ok(Row {
            line,
            sku_id: field(self.sku_id).trim().to_owned(),
            quantity,
            reason: reason.map(str::to_owned),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<Result<Row, WrongRow>> {
        Rows::start(text.as_bytes()).unwrap().collect()
    }

    #[expect(clippy::unnecessary_wraps, reason = "it is compared with what reading answers")]
    fn row(line: u64, sku_id: &str, quantity: i32, reason: Option<&str>) -> Result<Row, WrongRow> {
        let reason = reason.map(str::to_owned);
        Ok(Row { line, sku_id: sku_id.to_owned(), quantity, reason })
    }

    #[test]
    fn columns_may_come_in_any_order_and_reason_not_at_all() {
        assert_eq!(rows("sku_id,quantity\n1,2\n"), [row(2, "1", 2, None)]);
        assert_eq!(
            rows("Reason, QUANTITY ,sku_id\n\"a, b\", 2 , 1 \n,3,4"),
            [row(2, "1", 2, Some("a, b")), row(3, "4", 3, None)]
        );
    }

    #[test]
    fn a_line_has_its_number_whatever_ends_it() {
        let expected = [
            row(3, "1", 1, Some("two\nlines")),
            row(5, "2", 2, Some("b")),
            row(8, "3", 3, None),
            row(9, "4", 4, Some("d")),
        ];
        let text = "sku_id,quantity,reason\n\n1,1,\"two\nlines\"\n2,2,b\n\n\n3,3,\n4,4,d";
        assert_eq!(rows(text), expected);
        assert_eq!(rows(&format!("{text}\n")), expected);
        assert_eq!(rows(&format!("\u{feff}{text}\n\n")), expected);
        let text = text.replace('\n', "\r\n").replace("two\r\n", "two\n");
        assert_eq!(rows(&text), expected);
        assert_eq!(rows(&format!("\u{feff}{text}\r\n")), expected);
    }

    #[test]
    fn a_wrong_row_is_told_by_its_line_and_stops_nothing() {
        let read = rows("sku_id,quantity,reason\n1,x,\n2,2\n3,3,a,b\n4,,\n5,99999999999,\n6,6,ok");
        let lines: Vec<Option<u64>> =
            read.iter().map(|r| r.as_ref().err().map(|w| w.line)).collect();
        assert_eq!(lines, [Some(2), Some(3), Some(4), Some(5), Some(6), None]);
        let bytes: &[u8] = b"sku_id,quantity,reason\n1,1,\xff\n2,2,ok\n";
        let read: Vec<_> = Rows::start(bytes).unwrap().collect();
        assert_eq!(read[0].as_ref().unwrap_err().line, 2);
        assert_eq!(read[1], row(3, "2", 2, Some("ok")));
    }

    #[test]
    fn a_header_must_be_there() {
        for text in
            ["", "1,2\n3,4", "sku_id\n1", "sku_id,quantity,colour\n", "sku_id,quantity,sku_id\n"]
        {
            assert!(Rows::start(text.as_bytes()).is_err(), "{text}");
        }
        assert_eq!(rows("sku_id,quantity\n"), []);
    }
}
