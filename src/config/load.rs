//! Lays defaults, file, environment and flags over each other, and checks the whole.

use std::path::PathBuf;

use config::ValueKind;

use super::Settings;
use super::effective::{Effective, effective};
use super::fault::InvalidSettings;
use super::layers::Layers;
use super::reader::Reader;

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
pub struct Flags(pub(super) Vec<(&'static str, ValueKind)>);

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
    read(&Layers::lay(sources)?)
}

/// The same, with each setting as it may be shown, and where it is from.
///
/// # Errors
///
/// [`InvalidSettings`] with everything that is wrong.
pub fn load_shown(sources: &Sources) -> Result<(Settings, Effective), InvalidSettings> {
    let layers = Layers::lay(sources)?;
    Ok((read(&layers)?, effective(&layers)))
}

fn read(layers: &Layers) -> Result<Settings, InvalidSettings> {
    Settings::read(Reader::new(layers, layers.unknown())).map_err(InvalidSettings)
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
        assert_eq!(settings.log.format, LogFormat::Auto);
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
    fn what_is_no_setting_is_told_with_the_nearest_one_and_where_it_is_said() {
        let file = file("[ledger]\nqueue_mx = 1\n[serve]");
        let mut sources = environment(&[
            ("STOCKFLOW_LOGS__FILTER", "info"),
            ("STOCKFLOW_LEDGER_LANES", "2"),
            ("STOCKFLOW_REDIS_URL", "redis://:s3cret@a"),
            // What Kubernetes says of a service of this name, and what others may.
            ("STOCKFLOW_PORT_8000_TCP_ADDR", "10.0.0.1"),
            ("STOCKFLOW_SERVICE_HOST", "10.0.0.1"),
            ("STOCKFLOW_COLOUR", "red"),
        ]);
        sources.file = Some(file.path().to_owned());
        let told = load(&sources).unwrap_err().0;
        let told: Vec<String> = told.iter().map(ToString::to_string).collect();
        let name = file.path().display();
        let none = "there is no such setting";
        assert_eq!(
            told,
            [
                format!("ledger.queue_mx: {none}; did you mean ledger.queue_max? ({name})"),
                format!(
                    "logs.filter: {none}; did you mean log.filter? (environment, \
                     STOCKFLOW_LOGS__FILTER)"
                ),
                format!("serve: {none} ({name})"),
                "STOCKFLOW_LEDGER_LANES: there is no such variable; did you mean \
                 STOCKFLOW_LEDGER__LANES?"
                    .to_owned(),
                "STOCKFLOW_REDIS_URL: there is no such variable; did you mean \
                 STOCKFLOW_REDIS_URLS?"
                    .to_owned(),
            ]
        );
    }

    #[test]
    fn a_value_that_is_wrong_is_not_repeated() {
        let file = file("[database]\nreplica_lag_ms_max = 'mysql://u:s3cret@h/s'");
        let sources = Sources { file: Some(file.path().to_owned()), ..Sources::default() };
        let told = load(&sources).unwrap_err().to_string();
        assert!(!told.contains("s3cret") && told.contains("must be an integer"), "{told}");
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
