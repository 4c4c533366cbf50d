//! Settings of `serve`, and where values come from: flags, else the environment, else the file of
//! settings, else defaults.

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::error::ContextKind;
use clap::{Arg, Args, Command};
use toml::Value;

use crate::answer::Limits;
use crate::http::{Network, Options, Origin, Rate, WriteKey};

/// The file of settings that is read if it is there.
const FILE: &str = "crossclause.toml";

/// How many questions may be answered at once.
const MOST_AT_ONCE: u16 = 1_024;

/// How long a setting in seconds may be: a day.
const MOST_SECONDS: f64 = 86_400.0;

/// How a collection is served. What `--help` says of them is their definition.
#[derive(Debug, Args)]
pub(super) struct ServeSettings {
    /// Address and port; port 0 takes a free one
    #[arg(long, value_name = "ADDR", env = "CROSSCLAUSE_LISTEN", default_value = "127.0.0.1:7700")]
    pub(super) listen: String,
    /// Where clients reach the server, like https://clauses.example, for absolute links; by default as each
    /// request says
    #[arg(long, value_name = "URL", env = "CROSSCLAUSE_PUBLIC_URL")]
    public_url: Option<Origin>,
    /// Questions that are answered at once; by default one a core
    #[arg(long, value_name = "N", env = "CROSSCLAUSE_CONCURRENCY", default_value_t = count_cores(), value_parser = clap::value_parser!(u16).range(1..=i64::from(MOST_AT_ONCE)))]
    concurrency: u16,
    /// Questions that may wait for their turn; the next is told to come back (503)
    #[arg(long, value_name = "N", env = "CROSSCLAUSE_QUEUE", default_value_t = 128)]
    queue: u16,
    /// Seconds that one question may take, and wait before
    #[arg(long, value_name = "SECONDS", env = "CROSSCLAUSE_TIME_LIMIT", default_value = "10", value_parser = parse_seconds)]
    time_limit: Duration,
    /// Connections that are held at once; more wait
    #[arg(long, value_name = "N", env = "CROSSCLAUSE_CONNECTIONS", default_value = "1000")]
    connections: NonZeroU32,
    /// Seconds that a shutdown waits for answers under way
    #[arg(long, value_name = "SECONDS", env = "CROSSCLAUSE_SHUTDOWN_WAIT", default_value = "30", value_parser = parse_seconds)]
    shutdown_wait: Duration,
    /// Requests a second that one address may make over time (429 beyond); 0 is no limit. This machine
    /// itself is never limited
    #[arg(long, value_name = "N", env = "CROSSCLAUSE_RATE_LIMIT", default_value_t = 100)]
    rate_limit: u32,
    /// Requests that one address may make at once
    #[arg(long, value_name = "N", env = "CROSSCLAUSE_RATE_BURST", default_value = "400")]
    rate_burst: NonZeroU32,
    /// Proxies whose X-Forwarded-For is believed: addresses or networks, divided by commas
    #[arg(long, value_name = "NETWORK", env = "CROSSCLAUSE_TRUSTED_PROXIES", value_delimiter = ',')]
    trusted_proxies: Vec<Network>,
    /// Who may write: NAME:HASH as `crossclause config --new-key NAME` prints it, divided by commas
    #[arg(
        long,
        value_name = "KEY",
        env = "CROSSCLAUSE_WRITE_KEYS",
        value_delimiter = ',',
        hide_env_values = true
    )]
    write_keys: Vec<WriteKey>,
    /// MiB that a body of records may have
    #[arg(long, value_name = "MIB", env = "CROSSCLAUSE_WRITE_BODY_LIMIT", default_value = "64", value_parser = clap::value_parser!(u16).range(1..=4_096))]
    write_body_limit: u16,
    /// MiB of answers that are kept ready for whoever asks the same; 0 keeps none
    #[arg(long, value_name = "MIB", env = "CROSSCLAUSE_CACHE", default_value_t = 64)]
    cache: u16,
}

impl ServeSettings {
    /// How much is answered at a time.
    pub(super) fn limits(&self) -> Limits {
        Limits {
            concurrency: usize::from(self.concurrency),
            queue: usize::from(self.queue),
            time: self.time_limit,
        }
    }

    /// The rest of it.
    pub(super) fn options(&self) -> Options {
        let rate = |per_second| Rate { per_second, burst: self.rate_burst };
        Options {
            public_url: self.public_url.clone(),
            write_keys: self.write_keys.clone(),
            write_body_limit: usize::from(self.write_body_limit) << 20,
            trusted_proxies: self.trusted_proxies.clone(),
            rate: NonZeroU32::new(self.rate_limit).map(rate),
            connections: usize::try_from(self.connections.get()).unwrap_or(usize::MAX),
            shutdown_wait: self.shutdown_wait,
            cache: u64::from(self.cache) << 20,
        }
    }
}

fn count_cores() -> u16 {
    u16::try_from(Limits::default().concurrency).unwrap_or(u16::MAX).min(MOST_AT_ONCE)
}

fn parse_seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse::<f64>().ok().filter(|seconds| (0.001..=MOST_SECONDS).contains(seconds));
    let seconds =
        seconds.ok_or_else(|| format!("a number of seconds from 0.001 to {MOST_SECONDS} is allowed"))?;
    Ok(Duration::from_secs_f64(seconds))
}

/// The file of settings: its path, and the keys that it sets.
#[derive(Debug, Default)]
pub(super) struct SettingsFile {
    pub(super) path: PathBuf,
    settings: Vec<(String, Vec<String>)>,
}

impl SettingsFile {
    /// Whether it sets a key.
    pub(super) fn sets(&self, key: &str) -> bool {
        self.settings.iter().any(|(name, _)| name == key)
    }

    /// Reads the file named, else `crossclause.toml` where the program runs, if it is there.
    ///
    /// # Errors
    /// If it cannot be read, or a key or a value is none of those that `known` has.
    pub(super) fn read(named: Option<&Path>, known: &Command) -> anyhow::Result<Self> {
        let path = named.unwrap_or(Path::new(FILE));
        if named.is_none() && !path.exists() {
            return Ok(Self::default());
        }
        let shown = path.display();
        let text = std::fs::read_to_string(path).with_context(|| format!("{shown} cannot be read"))?;
        let table: toml::Table = text.parse().with_context(|| format!("{shown} is no TOML"))?;
        let mut settings = Vec::new();
        for (key, value) in table {
            let values = read_values(&value)
                .with_context(|| format!("{shown}: `{key}` must be a text, a number or a list of them"))?;
            let Some(setting) = list_settings(known).find(|setting| setting.get_id() == key.as_str()) else {
                bail!("{shown}: there is no setting `{key}`{}", tell_allowed(known, &key));
            };
            check_values(setting, &values).with_context(|| format!("{shown}: `{key}`"))?;
            settings.push((key, values));
        }
        Ok(Self { path: path.to_owned(), settings })
    }

    /// Makes what the file says the default of every argument of its name.
    pub(super) fn apply(&self, command: Command) -> Command {
        let names: Vec<String> = command.get_subcommands().map(|one| one.get_name().to_owned()).collect();
        let command = names.iter().fold(command, |command, name| {
            command.mut_subcommand(name.clone(), |subcommand| self.apply_here(subcommand))
        });
        self.apply_here(command)
    }

    fn apply_here(&self, command: Command) -> Command {
        self.settings.iter().fold(command, |command, (key, values)| {
            if command.get_arguments().any(|argument| argument.get_id() == key.as_str()) {
                command.mut_arg(key.clone(), |argument| argument.default_values(values.clone()))
            } else {
                command
            }
        })
    }
}

/// The arguments that are settings: what can stand in the environment can stand in the file, but for the
/// file's own name.
pub(super) fn list_settings(command: &Command) -> impl Iterator<Item = &Arg> {
    command.get_arguments().filter(|argument| argument.get_env().is_some() && argument.get_id() != "config")
}

fn read_values(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::String(text) => Some(vec![text.clone()]),
        Value::Integer(number) => Some(vec![number.to_string()]),
        Value::Float(number) => Some(vec![number.to_string()]),
        Value::Array(values) => values
            .iter()
            .map(|value| match value {
                Value::Array(_) => None,
                value => read_values(value).and_then(|mut values| values.pop()),
            })
            .collect(),
        Value::Boolean(_) | Value::Datetime(_) | Value::Table(_) => None,
    }
}

/// Tries a setting's values as if they were given by its flag.
fn check_values(setting: &Arg, values: &[String]) -> anyhow::Result<()> {
    let Some(flag) = setting.get_long() else { return Ok(()) };
    let probe = Command::new("crossclause").no_binary_name(true).arg(setting.clone().global(false));
    let given = values.iter().map(|value| format!("--{flag}={value}"));
    match probe.try_get_matches_from(given) {
        Ok(_) => Ok(()),
        Err(error) => {
            let told = error.to_string();
            let first = told.lines().next().unwrap_or_default();
            bail!("{}", first.strip_prefix("error: ").unwrap_or(first))
        }
    }
}

fn tell_allowed(known: &Command, key: &str) -> String {
    let all: Vec<&str> = list_settings(known).map(|setting| setting.get_id().as_str()).collect();
    // clap knows which of its arguments is the nearest.
    let probe = Command::new("crossclause").no_binary_name(true).args(list_settings(known).cloned());
    let nearest = probe.try_get_matches_from([format!("--{}=", key.replace('_', "-"))]).err();
    let nearest = nearest.and_then(|error| error.get(ContextKind::SuggestedArg).map(ToString::to_string));
    let nearest = nearest
        .map(|flag| flag.trim_start_matches('-').split(' ').next().unwrap_or_default().replace('-', "_"));
    let hint = nearest.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
    format!("{hint}; allowed are {}", all.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_have_bounds() {
        assert_eq!(parse_seconds("0.5"), Ok(Duration::from_millis(500)));
        for wrong in ["", "0", "-1", "1e9", "NaN", "inf", "ten"] {
            assert!(parse_seconds(wrong).is_err(), "{wrong}");
        }
    }
}
