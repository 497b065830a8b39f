//! Defaults, file, environment and flags, laid over each other, and which of them each setting is
//! from. Whether a value makes sense is for the sections to say.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;

use config::builder::DefaultState;
use config::{Config, ConfigBuilder, ConfigError, Environment, File, FileFormat, Value, ValueKind};

use super::fault::{Fault, InvalidSettings, words};
use super::nearest;
use super::{DEFAULTS, Sources};

const PREFIX: &str = "STOCKFLOW_";
const SEPARATOR: &str = "__";

/// Variables that say more shortly what a key says, and the variable of that key.
const SHORT: [(&str, &str); 4] = [
    ("STOCKFLOW_LISTEN", "STOCKFLOW_SERVER__LISTEN"),
    ("STOCKFLOW_DATABASE_URL", "STOCKFLOW_DATABASE__URL"),
    ("STOCKFLOW_REDIS_URLS", "STOCKFLOW_CACHE__REDIS_URLS"),
    ("STOCKFLOW_REPLICA_URLS", "STOCKFLOW_DATABASE__REPLICA_URLS"),
];

/// Variables of a standard (OpenTelemetry, "Environment Variable Specification") that say what a
/// key says, where our own do not.
const STANDARD: [(&str, &str); 2] = [
    ("OTEL_EXPORTER_OTLP_ENDPOINT", "STOCKFLOW_TELEMETRY__OTLP_ENDPOINT"),
    ("OTEL_SERVICE_NAME", "STOCKFLOW_TELEMETRY__SERVICE_NAME"),
];

/// The variable that names the file.
const FILE: &str = "STOCKFLOW_CONFIG";

/// How the names end that Kubernetes makes of the services beside a container.
const OF_KUBERNETES: [&str; 5] = ["_HOST", "_PORT", "_PROTO", "_ADDR", "_TCP"];

/// Where a setting is from, if it is no default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// The file of this name.
    File(String),
    /// The variable of this name.
    Variable(String),
    /// A flag.
    Flag,
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(name) => formatter.write_str(name),
            Self::Variable(name) => write!(formatter, "environment, {name}"),
            Self::Flag => formatter.write_str("flag"),
        }
    }
}

/// The sources over the defaults.
#[derive(Debug)]
pub(super) struct Layers {
    /// All of it together.
    pub(super) config: Config,
    /// The defaults alone.
    pub(super) defaults: Config,
    origins: BTreeMap<String, Origin>,
    misspelled: Vec<Fault>,
}

impl Layers {
    /// Lays the sources over the defaults.
    ///
    /// # Errors
    ///
    /// [`InvalidSettings`] when the file cannot be read.
    pub(super) fn lay(sources: &Sources) -> Result<Self, InvalidSettings> {
        let defaults = File::from_str(DEFAULTS, FileFormat::Toml);
        let mut builder = Config::builder().add_source(defaults.clone());
        let defaults = Config::builder()
            .add_source(defaults)
            .build()
            .map_err(|error| InvalidSettings::of("the defaults", words(&error)))?;
        let mut origins = BTreeMap::new();
        if let Some(path) = file(sources) {
            let shown = path.display().to_string();
            let read = Config::builder()
                .add_source(File::from(path).format(FileFormat::Toml).required(true))
                .build()
                .map_err(|error| InvalidSettings::of(&shown, words(&error)))?;
            let told = keys(&read.cache).into_iter();
            origins.extend(told.map(|key| (key, Origin::File(shown.clone()))));
            builder = builder.add_source(read);
        }
        let variables = variables(sources);
        for (long, said, _value) in &variables {
            origins.insert(key_of(long), Origin::Variable(said.clone()));
        }
        for (key, _value) in &sources.flags.0 {
            origins.insert((*key).to_owned(), Origin::Flag);
        }
        let config = lay_over(builder, variables, sources)
            .map_err(|error| InvalidSettings::of("the settings", words(&error)))?;
        let known = keys(&defaults.cache);
        Ok(Self { config, defaults, origins, misspelled: misspelled(sources, &known) })
    }

    /// Where a setting is from; `None` for the defaults.
    pub(super) fn origin(&self, key: &str) -> Option<&Origin> {
        self.origins.get(key)
    }

    /// What was said that is no setting, each with the setting that may be meant.
    pub(super) fn unknown(&self) -> Vec<Fault> {
        let known = keys(&self.defaults.cache);
        let unknown = keys(&self.config.cache).into_iter().filter(|key| !known.contains(key));
        let faults = unknown.map(|key| Fault {
            message: match nearest::setting(&key, &known) {
                Some(near) => format!("there is no such setting; did you mean {near}?"),
                None => "there is no such setting".to_owned(),
            },
            origin: self.origin(&key).map(ToString::to_string),
            subject: key,
        });
        faults.chain(self.misspelled.iter().cloned()).collect()
    }
}

/// Lays the environment, then the flags, over what there is.
fn lay_over(
    builder: ConfigBuilder<DefaultState>,
    variables: Vec<(String, String, String)>,
    sources: &Sources,
) -> Result<Config, ConfigError> {
    let variables = variables.into_iter().map(|(long, _said, value)| (long, value)).collect();
    let environment = Environment::with_prefix(PREFIX.trim_end_matches('_'))
        .prefix_separator("_")
        .separator(SEPARATOR)
        .source(Some(variables));
    let mut builder = builder.add_source(environment);
    for (key, value) in &sources.flags.0 {
        builder = builder.set_override(key, value.clone())?;
    }
    builder.build()
}

fn file(sources: &Sources) -> Option<PathBuf> {
    let named = || sources.environment.iter().find(|(name, path)| name == FILE && !path.is_empty());
    sources.file.clone().or_else(|| named().map(|(_name, path)| path.into()))
}

/// The variables that are settings: spelled as `STOCKFLOW_<SECTION>__<KEY>`, as they were said, and
/// their values. One that is empty is not set; the short names go before the long ones, and these
/// before those of a standard.
///
/// Others that begin like ours are let be, unless they are nearly one of ours: Kubernetes puts
/// `STOCKFLOW_PORT` and its like into the environment of everything beside a service called
/// stockflow.
fn variables(sources: &Sources) -> Vec<(String, String, String)> {
    let set = sources.environment.iter().filter(|(_name, value)| !value.is_empty());
    let long = set.clone().filter(|(name, _value)| is_long(name));
    let long = long.map(|(name, value)| (name.clone(), name.clone(), value.clone()));
    let said = |names: &'static [(&str, &str)]| {
        set.clone().filter_map(|(name, value)| {
            let (_other, long) = names.iter().find(|(other, _long)| other == name)?;
            Some(((*long).to_owned(), name.clone(), value.clone()))
        })
    };
    // The last word counts.
    said(&STANDARD).chain(long).chain(said(&SHORT)).collect()
}

fn is_long(name: &str) -> bool {
    name.strip_prefix(PREFIX).is_some_and(|key| key.contains(SEPARATOR))
}

/// The key that a long variable stands for.
fn key_of(variable: &str) -> String {
    variable.trim_start_matches(PREFIX).to_lowercase().replace(SEPARATOR, ".")
}

/// Variables that are nearly one of ours: a short name with a letter wrong, or a long one with a
/// single underscore.
fn misspelled(sources: &Sources, known: &BTreeSet<String>) -> Vec<Fault> {
    let own = |name: &str| name == FILE || SHORT.iter().any(|(short, _long)| *short == name);
    let set = sources.environment.iter().filter(|(name, value)| {
        name.starts_with(PREFIX) && !value.is_empty() && !is_long(name) && !own(name)
    });
    let faults = set.filter_map(|(name, _value)| {
        let collapsed = |key: &&String| name.trim_start_matches(PREFIX) == plain(key);
        let meant = match known.iter().find(collapsed) {
            Some(key) => format!("{PREFIX}{}", key.to_uppercase().replace('.', SEPARATOR)),
            None if OF_KUBERNETES.iter().any(|end| name.ends_with(end)) => return None,
            None => nearest::variable(name, SHORT.map(|(short, _long)| short))?.to_owned(),
        };
        let message = format!("there is no such variable; did you mean {meant}?");
        Some(Fault { subject: name.clone(), message, origin: None })
    });
    faults.collect()
}

/// A key as somebody may spell its variable who has not heard of the two underscores.
fn plain(key: &str) -> String {
    key.to_uppercase().replace('.', "_")
}

/// Every key, as `section.key`.
pub(super) fn keys(value: &Value) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    collect(value, "", &mut keys);
    keys
}

fn collect(value: &Value, path: &str, keys: &mut BTreeSet<String>) {
    match &value.kind {
        // A section that is empty, but spelled wrong, is told of as well.
        ValueKind::Table(table) if !table.is_empty() || path.is_empty() => {
            for (name, value) in table {
                let separator = if path.is_empty() { "" } else { "." };
                collect(value, &format!("{path}{separator}{name}"), keys);
            }
        }
        ValueKind::Table(_)
        | ValueKind::Nil
        | ValueKind::Boolean(_)
        | ValueKind::I64(_)
        | ValueKind::I128(_)
        | ValueKind::U64(_)
        | ValueKind::U128(_)
        | ValueKind::Float(_)
        | ValueKind::String(_)
        | ValueKind::Array(_) => {
            keys.insert(path.to_owned());
        }
    }
}
