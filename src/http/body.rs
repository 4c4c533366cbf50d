//! The JSON body of `POST /v1/comparables`: a text, and parameters as in a query string.

use serde_json::{Map, Number, Value};

use super::pair::Pair;
use super::parameter::is_comparables_parameter;
use super::problem::{Code, Problem};

/// A pasted text with what is asked about it.
#[derive(Debug)]
pub(super) struct Pasted {
    pub(super) text: String,
    pub(super) platform: Option<String>,
    pub(super) language: Option<String>,
    pub(super) pairs: Vec<Pair>,
}

impl Pasted {
    /// Reads a body.
    ///
    /// # Errors
    /// `invalid_body` where it is no JSON object or a value is of no allowed type,
    /// `bad_parameter` where there is no text.
    pub(super) fn read(body: &[u8]) -> Result<Self, Problem> {
        let mut object: Map<String, Value> = match serde_json::from_slice(body) {
            Ok(Value::Object(object)) => object,
            Ok(_) => return Err(Problem::new(Code::InvalidBody, "The body must be a JSON object.")),
            Err(error) => {
                // Position and kind only: the message could repeat what was pasted.
                let detail = format!(
                    "The body is not JSON: something is wrong at line {}, column {}.",
                    error.line(),
                    error.column()
                );
                return Err(Problem::new(Code::InvalidBody, detail));
            }
        };
        let text = take_string(&mut object, "text")?
            .ok_or_else(|| Problem::bad_parameter("text", "is missing; paste the clause there"))?;
        let platform = take_string(&mut object, "platform")?;
        let language = take_string(&mut object, "text_language")?;
        let mut pairs = Vec::new();
        for (name, value) in object {
            for value in read_values(&name, value)? {
                pairs.push((name.clone(), value));
            }
        }
        Ok(Self { text, platform, language, pairs })
    }
}

fn take_string(object: &mut Map<String, Value>, name: &str) -> Result<Option<String>, Problem> {
    match object.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(reject(name, "must be a string")),
    }
}

/// The values of a parameter; null means that it is not given.
fn read_values(name: &str, value: Value) -> Result<Vec<String>, Problem> {
    match value {
        Value::String(text) => Ok(vec![text]),
        Value::Number(number) => Ok(vec![write_number(&number)]),
        Value::Bool(flag) => Ok(vec![flag.to_string()]),
        Value::Array(values) if !values.is_empty() => values
            .into_iter()
            .map(|value| match value {
                Value::String(text) => Ok(text),
                _ => Err(reject(name, "must list strings")),
            })
            .collect(),
        // A name that is not known stays, so that it is told and not ignored.
        Value::Null if is_comparables_parameter(name) => Ok(Vec::new()),
        Value::Null => Ok(vec![String::new()]),
        Value::Array(_) => Err(reject(name, "must list at least one string")),
        Value::Object(_) => Err(reject(name, "must be a string, a number, a boolean or a list of strings")),
    }
}

/// A number as a parameter takes it. JSON knows no whole numbers: `10.0` is ten.
fn write_number(number: &Number) -> String {
    match number.as_f64() {
        // Every whole number below this is one of the floats.
        Some(float) if float.fract() == 0.0 && float.abs() < 9_007_199_254_740_992.0 => format!("{float}"),
        _ => number.to_string(),
    }
}

fn reject(name: &str, problem: &str) -> Problem {
    let name: String = name.chars().take(80).collect();
    let detail = format!("`{name}` {problem}");
    Problem { parameter: Some(name.into()), ..Problem::new(Code::InvalidBody, detail) }
}
