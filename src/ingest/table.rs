//! CSV by header: a column is named by a record's key, `platform.id` or `platform_id` for nested
//! ones; lists are separated by `|`, a byte range is written `12-40`, an empty cell is missing.

use std::io::{self, BufRead};

use serde_json::{Map, Value};

use super::source::Item;

/// Keys of a record that a column may have, with the kind of their cells.
const COLUMNS: &[(&str, Cell)] = &[
    ("id", Cell::Text),
    ("platform.id", Cell::Text),
    ("platform.name", Cell::Text),
    ("platform.parent", Cell::Text),
    ("platform.domain", Cell::Text),
    ("document.id", Cell::Text),
    ("document.title", Cell::Text),
    ("document.type", Cell::Text),
    ("document.url", Cell::Text),
    ("document.updated_on", Cell::Text),
    ("text", Cell::Text),
    ("title", Cell::Text),
    ("language", Cell::Text),
    ("clause_type", Cell::Text),
    ("other_clause_types", Cell::List),
    ("categories", Cell::List),
    ("severity", Cell::Text),
    ("regulations", Cell::List),
    ("why_it_matters", Cell::Text),
    ("consumer_impact", Cell::Text),
    ("evidence.source_url", Cell::Text),
    ("evidence.archive_url", Cell::Text),
    ("evidence.captured_at", Cell::Text),
    ("evidence.verified_at", Cell::Text),
    ("evidence.document_sha256", Cell::Text),
    ("evidence.text_sha256", Cell::Text),
    ("evidence.byte_range", Cell::Range),
    ("observed.first_seen", Cell::Text),
    ("observed.last_seen", Cell::Text),
    ("collection.id", Cell::Text),
    ("collection.license", Cell::Text),
    ("collection.attribution", Cell::Text),
    ("collection.url", Cell::Text),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cell {
    Text,
    List,
    Range,
}

/// Why a header is none.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// It cannot be read.
    #[error("the header cannot be read: {0}")]
    Read(#[from] csv::Error),
    /// A column has a name that no key has.
    #[error(
        "column {column} is called `{name}`, which is no key of a record; name it after one (`platform.id`, `text`, …) or let it begin with `x_`"
    )]
    UnknownColumn {
        /// Its place, from 1.
        column: usize,
        /// Its name.
        name: String,
    },
    /// Two columns have one name.
    #[error("two columns are called `{name}`; remove one")]
    Twice {
        /// Their name.
        name: String,
    },
}

struct Column {
    path: Vec<String>,
    cell: Cell,
}

/// Reads the rows of a table as records.
pub(super) struct TableReader {
    reader: csv::Reader<Box<dyn BufRead>>,
    columns: Vec<Column>,
}

impl TableReader {
    pub(super) fn new(reader: Box<dyn BufRead>) -> Result<Self, TableError> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(reader);
        let mut columns: Vec<Column> = Vec::new();
        for (place, name) in reader.headers()?.clone().iter().enumerate() {
            let name = name.trim().trim_start_matches('\u{feff}');
            let column = find_column(name)
                .ok_or_else(|| TableError::UnknownColumn { column: place + 1, name: name.to_owned() })?;
            if columns.iter().any(|known| known.path == column.path) {
                return Err(TableError::Twice { name: name.to_owned() });
            }
            columns.push(column);
        }
        Ok(Self { reader, columns })
    }

    pub(super) fn next_item(&mut self) -> io::Result<Option<Item>> {
        let mut row = csv::ByteRecord::new();
        match self.reader.read_byte_record(&mut row) {
            Ok(false) => Ok(None),
            Ok(true) => {
                let line = row.position().map_or(0, csv::Position::line);
                let value = self.read_row(&row);
                let text = match &value {
                    Ok(value) => value.to_string(),
                    Err(_) => row.iter().map(String::from_utf8_lossy).collect::<Vec<_>>().join(","),
                };
                Ok(Some(Item { line, text, value }))
            }
            Err(error) => Err(error.into()),
        }
    }

    fn read_row(&self, row: &csv::ByteRecord) -> Result<Value, String> {
        if row.len() != self.columns.len() {
            return Err(format!("the row has {} cells, the header {}", row.len(), self.columns.len()));
        }
        let mut record = Map::new();
        for (place, (cell, column)) in row.iter().zip(&self.columns).enumerate() {
            let text = std::str::from_utf8(cell)
                .map_err(|_| format!("cell {} is no UTF-8; save the file as UTF-8", place + 1))?;
            if text.is_empty() {
                continue;
            }
            let value = match column.cell {
                Cell::Text => Value::String(text.to_owned()),
                Cell::List => text
                    .split('|')
                    .map(str::trim)
                    .filter(|part| !part.is_empty())
                    .map(|part| Value::String(part.to_owned()))
                    .collect(),
                Cell::Range => {
                    let bounds = text.split_once('-').and_then(|(from, to)| {
                        Some(vec![from.trim().parse::<u64>().ok()?, to.trim().parse::<u64>().ok()?])
                    });
                    bounds
                        .ok_or_else(|| format!("cell {}: `{text}` is no range like 12-40", place + 1))?
                        .into()
                }
            };
            put_path(&mut record, &column.path, value);
        }
        Ok(Value::Object(record))
    }
}

fn find_column(name: &str) -> Option<Column> {
    if name.starts_with("x_") {
        return Some(Column { path: vec![name.to_owned()], cell: Cell::Text });
    }
    COLUMNS
        .iter()
        .find(|(key, _)| *key == name || key.replace('.', "_") == name)
        .map(|(key, cell)| Column { path: key.split('.').map(str::to_owned).collect(), cell: *cell })
}

fn put_path(record: &mut Map<String, Value>, path: &[String], value: Value) {
    match path {
        [key] => {
            record.insert(key.clone(), value);
        }
        [outer, inner] => {
            let slot = record.entry(outer.clone()).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(object) = slot {
                object.insert(inner.clone(), value);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(text: &'static str) -> Result<Vec<Result<Value, String>>, TableError> {
        let mut reader = TableReader::new(Box::new(text.as_bytes()))?;
        Ok(std::iter::from_fn(|| reader.next_item().expect("readable")).map(|item| item.value).collect())
    }

    #[test]
    fn columns_are_mapped_by_header() {
        let rows = read(
            "id,platform_id,platform.name,regulations,x_a,evidence.byte_range\na,p,P,gdpr | ccpa,1,3-9\n",
        )
        .expect("a header");
        let expected = json!({
            "id": "a", "platform": {"id": "p", "name": "P"}, "regulations": ["gdpr", "ccpa"], "x_a": "1",
            "evidence": {"byte_range": [3, 9]}
        });
        assert_eq!(rows, [Ok(expected)]);
    }

    #[test]
    fn bad_tables_are_explained() {
        let error = read("id,colour\n").expect_err("unknown").to_string();
        assert!(error.contains("column 2 is called `colour`"), "{error}");
        let rows = read("id,text\na\nb,c\n").expect("a header");
        assert!(rows[0].as_ref().is_err_and(|reason| reason.contains("1 cells")));
        assert!(rows[1].is_ok());
    }
}
