//! Lays defaults, file, environment and flags over each other.

use std::collections::BTreeSet;
use std::path::PathBuf;

use config::builder::DefaultState;
use config::{Config, ConfigBuilder, ConfigError, Environment, File, FileFormat, Value, ValueKind};

use super::fault::{Fault, InvalidSettings, words};
use super::reader::Reader;
use super::{DEFAULTS, Settings};

const PREFIX: &str = "STOCKFLOW_";
const SEPARATOR: &str = "__";

/// Variables that say more shortly what a key says, and the variable of that key.
const SHORT: [(&str, &str); 4] = [
    ("STOCKFLOW_LISTEN", "STOCKFLOW_SERVER__LISTEN"),
    ("STOCKFLOW_DATABASE_URL", "STOCKFLOW_DATABASE__URL"),
    ("STOCKFLOW_REDIS_URLS", "STOCKFLOW_CACHE__REDIS_URLS"),
    ("STOCKFLOW_REPLICA_URLS", "STOCKFLOW_DATABASE__REPLICA_URLS"),
];

/// The variable that names the file.
const FILE: &str = "STOCKFLOW_CONFIG";

/// Where settings come from, besides the defaults.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// Variables of the environment, all there are.
    pub environment: Vec<(String, String)>,
    /// Flag `--config`.
    pub file: Option<PathBuf>,
    /// What other flags say.
    pub flags: Flags,
}

/// What flags say, by the keys that they stand for. Whether it makes sense is checked with
/// everything else.
#[derive(Clone, Debug, Default)]
pub struct Flags(Vec<(&'static str, ValueKind)>);

impl Flags {
    /// A flag stands for the setting `key`; nothing is said by one that was not given. The last word
    /// counts.
    pub fn set(&mut self, key: &'static str, value: Option<impl Into<ValueKind>>) {
        self.0.extend(value.map(|value| (key, value.into())));
    }

    /// The same of a flag that may be given several times.
    pub fn set_list(&mut self, key: &'static str, values: &[String]) {
        self.set(key, (!values.is_empty()).then(|| values.to_vec()));
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Lays the sources over the defaults and checks the whole.
///
/// # Errors
///
/// [`InvalidSettings`] with everything that is wrong.
pub fn load(sources: &Sources) -> Result<Settings, InvalidSettings> {
    let defaults = File::from_str(DEFAULTS, FileFormat::Toml);
    let known = Config::builder()
        .add_source(defaults.clone())
        .build()
        .map(|config| keys(&config.cache))
        .map_err(|error| InvalidSettings::of("the defaults", words(&error)))?;

    let mut builder = Config::builder().add_source(defaults);
    if let Some(path) = file(sources) {
        let shown = path.display().to_string();
        let read = Config::builder()
            .add_source(File::from(path).format(FileFormat::Toml).required(true))
            .build()
            .map_err(|error| InvalidSettings::of(shown, words(&error)))?;
        builder = builder.add_source(read);
    }
    let config = lay_over(builder, sources)
        .map_err(|error| InvalidSettings::of("the settings", words(&error)))?;

    let unknown = keys(&config.cache).into_iter().filter(|key| !known.contains(key));
    let faults = unknown
        .map(|key| Fault { subject: key, message: "there is no such setting".to_owned() })
        .collect();
    Settings::read(Reader::new(&config, faults)).map_err(InvalidSettings)
}

/// Lays the environment, then the flags, over what there is.
fn lay_over(
    builder: ConfigBuilder<DefaultState>,
    sources: &Sources,
) -> Result<Config, ConfigError> {
    let environment = Environment::with_prefix(PREFIX.trim_end_matches('_'))
        .prefix_separator("_")
        .separator(SEPARATOR)
        .source(Some(environment(sources).into_iter().collect()));
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

/// The variables that are settings, all spelled as `STOCKFLOW_<SECTION>__<KEY>`. One that is empty
/// is not set.
///
/// Others that begin like ours are let be: Kubernetes puts `STOCKFLOW_PORT` and its like into the
/// environment of everything beside a service called stockflow.
fn environment(sources: &Sources) -> Vec<(String, String)> {
    let ours = |name: &str| name.strip_prefix(PREFIX).is_some_and(|key| key.contains(SEPARATOR));
    let set = sources.environment.iter().filter(|(_name, value)| !value.is_empty());
    let long = set.clone().filter(|(name, _value)| ours(name)).cloned();
    let short = set.filter_map(|(name, value)| {
        let (_short, long) = SHORT.iter().find(|(short, _long)| short == name)?;
        Some(((*long).to_owned(), value.clone()))
    });
    long.chain(short).collect()
}

/// Every key, as `section.key`.
fn keys(value: &Value) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    collect(value, "", &mut keys);
    keys
}

fn collect(value: &Value, path: &str, keys: &mut BTreeSet<String>) {
    match &value.kind {
        ValueKind::Table(table) => {
            for (name, value) in table {
                let separator = if path.is_empty() { "" } else { "." };
                collect(value, &format!("{path}{separator}{name}"), keys);
            }
        }
        ValueKind::Nil
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

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::time::Duration;

    use super::*;
    use crate::config::LogFormat;

    fn environment(pairs: &[(&str, &str)]) -> Sources {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Sources { environment: pairs.iter().map(own).collect(), ..Sources::default() }
    }

    fn file(text: &str) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file
    }

    fn subjects(sources: &Sources) -> Vec<String> {
        load(sources).unwrap_err().0.into_iter().map(|fault| fault.subject).collect()
    }

    #[test]
    fn the_defaults_hold_by_themselves() {
        let settings = load(&Sources::default()).unwrap();
        assert_eq!(settings.server.listen, "127.0.0.1:8000");
        assert_eq!(settings.server.body_bytes_max, 1024 * 1024);
        assert_eq!(settings.database.url, "sqlite://stockflow.db");
        assert_eq!(settings.log.format, LogFormat::Text);
    }

    #[test]
    fn flags_go_before_the_environment_and_that_before_the_file() {
        let file = file(
            "[server]\nlisten = '1.1.1.1:1'\nshutdown_timeout_ms = 1\n\
             [database]\nurl = 'sqlite://file.db'\n[log]\nformat = 'json'",
        );
        let mut sources = environment(&[
            ("STOCKFLOW_LISTEN", "2.2.2.2:2"),
            ("STOCKFLOW_DATABASE_URL", "sqlite://environment.db"),
            ("STOCKFLOW_SERVER__SHUTDOWN_TIMEOUT_MS", "2"),
            ("STOCKFLOW_LOG__FILTER", ""),
        ]);
        sources.file = Some(file.path().to_owned());
        sources.flags.set("server.listen", Some("3.3.3.3:3"));
        let settings = load(&sources).unwrap();
        assert_eq!(settings.server.listen, "3.3.3.3:3");
        assert_eq!(settings.database.url, "sqlite://environment.db");
        assert_eq!(settings.server.shutdown_timeout, Duration::from_millis(2));
        assert_eq!(settings.log.format, LogFormat::Json);
        assert!(settings.log.filter.starts_with("info"));
    }

    #[test]
    fn the_environment_may_name_the_file() {
        let file = file("[ledger]\nbatch_max = 7");
        let path = file.path().to_str().unwrap();
        let settings = load(&environment(&[("STOCKFLOW_CONFIG", path)])).unwrap();
        assert_eq!(settings.ledger.batch_max, 7);
        assert_eq!(subjects(&environment(&[("STOCKFLOW_CONFIG", "/none.toml")])), ["/none.toml"]);
    }

    #[test]
    fn a_list_is_spelled_with_commas_in_the_environment() {
        let urls = |sources: &Sources| load(sources).map(|settings| settings.cache.redis_urls);
        assert_eq!(urls(&Sources::default()).unwrap(), Vec::<String>::new());
        let mut sources = environment(&[("STOCKFLOW_REDIS_URLS", "redis://a, rediss://b:1")]);
        assert_eq!(urls(&sources).unwrap(), ["redis://a", "rediss://b:1"]);
        sources
            .flags
            .set_list("cache.redis_urls", &["redis://c,d".to_owned(), "redis://e".to_owned()]);
        assert_eq!(urls(&sources).unwrap(), ["redis://c,d", "redis://e"]);
        let none = file("[cache]\nredis_urls = ['http://a']");
        let sources = Sources { file: Some(none.path().to_owned()), ..Sources::default() };
        assert_eq!(subjects(&sources), ["cache.redis_urls"]);
    }

    #[test]
    fn replicas_are_a_list_in_a_file_and_commas_in_the_environment() {
        let urls = |sources: &Sources| load(sources).unwrap().database.replica_urls;
        assert_eq!(urls(&Sources::default()), [""; 0]);
        let file = file("[database]\nreplica_urls = ['mysql://a/s', 'mysql://b/s']");
        let path = file.path().to_str().unwrap();
        let mut sources = environment(&[("STOCKFLOW_CONFIG", path)]);
        assert_eq!(urls(&sources), ["mysql://a/s", "mysql://b/s"]);
        for name in ["STOCKFLOW_REPLICA_URLS", "STOCKFLOW_DATABASE__REPLICA_URLS"] {
            let value = "mysql://c/s, mysql://d/s";
            let sources = environment(&[("STOCKFLOW_CONFIG", path), (name, value)]);
            assert_eq!(urls(&sources), ["mysql://c/s", "mysql://d/s"]);
        }
        sources.flags.set_list("database.replica_urls", &["mysql://e/s".to_owned()]);
        assert_eq!(urls(&sources), ["mysql://e/s"]);
        let faulty = environment(&[("STOCKFLOW_REPLICA_URLS", "mysql://c/s,")]);
        assert_eq!(subjects(&faulty), ["database.replica_urls"]);
    }

    #[test]
    fn every_fault_is_told_at_once_with_its_key() {
        let file = file(
            "[server]\nlisten = 'nowhere'\nbody_bytes_max = 0\ncolour = 'red'\n\
             [database]\nreader_connections_max = 'many'\n[extra]\nx = 1",
        );
        let mut sources = environment(&[
            ("STOCKFLOW_LEDGER__BATCHES", "1"),
            ("STOCKFLOW_LOG__FORMAT", "xml"),
            ("STOCKFLOW_LOG__FILTER", "a=b=c"),
            ("STOCKFLOW_PORT", "tcp://10.0.0.1:8000"),
        ]);
        sources.file = Some(file.path().to_owned());
        let mut told = subjects(&sources);
        told.sort();
        assert_eq!(
            told,
            [
                "database.reader_connections_max",
                "extra.x",
                "ledger.batches",
                "log.filter",
                "log.format",
                "server.body_bytes_max",
                "server.colour",
                "server.listen",
            ]
        );
    }
}
