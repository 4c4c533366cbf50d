//! Rows as CSV (RFC 4180) that spreadsheets open without damage: UTF-8 with a mark of its order, and
//! no cell that would be taken for a formula.

use std::io;

use serde::Serialize;
use serde_json::Value;

/// What a spreadsheet takes for UTF-8.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// A table of rows that are written in pieces.
pub(super) struct Table {
    columns: Vec<String>,
}

impl Table {
    /// A table of these columns.
    pub(super) fn of_columns(columns: Vec<String>) -> Self {
        Self { columns }
    }

    /// A table whose columns are the fields of a struct, in their order.
    ///
    /// # Errors
    /// If the struct is not flat.
    pub(super) fn of_fields<T: Serialize + Default>() -> io::Result<Self> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.serialize(T::default())?;
        let written = writer.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
        let mut reader = csv::Reader::from_reader(written.as_slice());
        Ok(Self::of_columns(reader.headers()?.iter().map(str::to_owned).collect()))
    }

    /// The head: the mark and the names of the columns.
    ///
    /// # Errors
    /// If it cannot be written to memory.
    pub(super) fn write_head(&self) -> io::Result<Vec<u8>> {
        let mut writer = csv::Writer::from_writer(BYTE_ORDER_MARK.to_vec());
        writer.write_record(&self.columns)?;
        writer.into_inner().map_err(|error| io::Error::other(error.to_string()))
    }

    /// Rows, each an object of JSON; a column that a row lacks is empty.
    ///
    /// # Errors
    /// If a row is no object or cannot be written to memory.
    pub(super) fn write_rows<T: Serialize>(&self, rows: &[T]) -> io::Result<Vec<u8>> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        for row in rows {
            let row = serde_json::to_value(row)?;
            writer.write_record(self.columns.iter().map(|name| write_cell(row.get(name))))?;
        }
        writer.into_inner().map_err(|error| io::Error::other(error.to_string()))
    }
}

fn write_cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => defuse(text),
        Some(other) => other.to_string(),
    }
}

/// Puts an apostrophe before what a spreadsheet would take for a formula, as OWASP advises against
/// injection.
fn defuse(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        return format!("'{text}");
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn formulas_are_defused_and_all_else_comes_back() {
        let table = Table::of_columns(vec!["a".to_owned(), "b".to_owned(), "c".to_owned()]);
        let rows = [json!({"a": "=1+1", "b": "x, \"y\"\nz", "c": -3}), json!({"a": "@x", "c": true})];
        let mut bytes = table.write_head().expect("written");
        bytes.extend(table.write_rows(&rows).expect("written"));
        let text = String::from_utf8(bytes).expect("UTF-8");
        let body = text.strip_prefix('\u{feff}').expect("a mark");
        let mut reader = csv::Reader::from_reader(body.as_bytes());
        let read: Vec<Vec<String>> = reader
            .records()
            .map(|record| record.expect("a record").iter().map(str::to_owned).collect())
            .collect();
        assert_eq!(read, [["'=1+1", "x, \"y\"\nz", "-3"], ["'@x", "", "true"]]);
    }
}
