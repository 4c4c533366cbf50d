//! `config`: what holds, and where it comes from.

use std::fmt::Write as _;

use clap::parser::ValueSource;
use clap::{ArgMatches, Args, Command};
use serde::Serialize;

use super::Ending;
use super::output::{print, print_json};
use super::setting::{ServeSettings, SettingsFile, list_settings};
use crate::http::WriteKey;

/// A value that nobody may read off a screen: of these only the names are told.
const SECRET: &str = "write_keys";

#[derive(Debug, Args)]
pub(super) struct ConfigArgs {
    #[command(flatten)]
    settings: ServeSettings,
    /// Print as JSON
    #[arg(long)]
    json: bool,
    /// Make a write key of this name, and print it with what to configure; nothing keeps it
    #[arg(long, value_name = "NAME")]
    new_key: Option<String>,
}

/// A setting.
#[derive(Debug, Serialize)]
struct Setting {
    key: String,
    /// `None` if nothing says it, and what is built in holds.
    value: Option<String>,
    source: &'static str,
    /// What it comes from: the flag, the variable or the file.
    from: Option<String>,
}

/// A key as it is made.
#[derive(Debug, Serialize)]
struct NewKey {
    key: String,
    write_keys: String,
}

/// Prints all settings, or makes a key.
pub(super) fn print_config(
    args: &ConfigArgs,
    command: &Command,
    matches: &ArgMatches,
    file: &SettingsFile,
) -> anyhow::Result<Ending> {
    if let Some(name) = &args.new_key {
        return make_key(name, args.json);
    }
    let settings: Vec<Setting> = list_settings(command)
        .map(|argument| {
            let key = argument.get_id().as_str();
            let (source, from) = match matches.value_source(key) {
                Some(ValueSource::CommandLine) => {
                    ("flag", argument.get_long().map(|long| format!("--{long}")))
                }
                Some(ValueSource::EnvVariable) => {
                    ("environment", argument.get_env().map(|name| name.to_string_lossy().into_owned()))
                }
                _ if file.sets(key) => ("file", Some(file.path.display().to_string())),
                _ => ("default", None),
            };
            let values: Option<Vec<String>> = matches
                .get_raw(key)
                .map(|values| values.map(|value| show_value(key, &value.to_string_lossy())).collect());
            Setting { key: key.to_owned(), value: values.map(|values| values.join(",")), source, from }
        })
        .collect();
    if args.json {
        print_json(&settings)?
    } else {
        print(&tell(&settings)?)?
    }
    Ok(Ending::Done)
}

fn show_value(key: &str, value: &str) -> String {
    if key != SECRET {
        return value.to_owned();
    }
    // From the environment they come as one text.
    let names = value.split(',').map(|key| key.parse::<WriteKey>().map(|key| format!("{}:…", key.name())));
    names.map(|name| name.unwrap_or_else(|_| "…".to_owned())).collect::<Vec<_>>().join(",")
}

fn tell(settings: &[Setting]) -> Result<String, std::fmt::Error> {
    let shown = |setting: &Setting| setting.value.clone().unwrap_or_else(|| "-".to_owned());
    let width = |of: &dyn Fn(&Setting) -> usize| settings.iter().map(of).max().unwrap_or(0);
    let keys = width(&|setting| setting.key.len());
    let values = width(&|setting| shown(setting).chars().count()).min(60);
    let mut text = String::new();
    for setting in settings {
        let from = setting.from.as_deref().map(|from| format!(" {from}")).unwrap_or_default();
        writeln!(text, "{:keys$}  {:values$}  {}{from}", setting.key, shown(setting), setting.source)?;
    }
    Ok(text)
}

fn make_key(name: &str, json: bool) -> anyhow::Result<Ending> {
    let (key, hashed) = WriteKey::generate(name).map_err(anyhow::Error::msg)?;
    let made = NewKey { key, write_keys: hashed.to_string() };
    if json {
        print_json(&made)?;
    } else {
        print(&format!(
            "The key, told this once:\n  {}\n\nFor the server, in crossclause.toml (or CROSSCLAUSE_WRITE_KEYS):\n  write_keys = [\"{}\"]",
            made.key, made.write_keys
        ))?;
    }
    Ok(Ending::Done)
}
