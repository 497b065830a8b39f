//! The settings as they hold, each with where it is from, as a file of settings could say them.
//! Secrets are masked.

use std::collections::BTreeMap;
use std::fmt;

use config::{Value, ValueKind};

use super::DEFAULTS;
use super::layers::Layers;
use super::mask::{MASK, is_secret, shown};

/// The settings as they hold. Displayed, they are TOML: with secrets put in where they are masked,
/// it is a file of settings that says the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effective {
    sections: Vec<(String, Vec<Line>)>,
}

impl Effective {
    /// How many settings are from where, in words.
    pub fn count(&self) -> String {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for line in self.sections.iter().flat_map(|(_section, lines)| lines) {
            let count = counts.entry(&line.origin).or_default();
            *count = count.saturating_add(1);
        }
        let counts: Vec<String> =
            counts.iter().map(|(origin, count)| format!("{count} from {origin}")).collect();
        counts.join("; ")
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    name: String,
    value: String,
    origin: String,
    masked: bool,
}

/// What holds, in the order of the defaults.
pub(super) fn effective(layers: &Layers) -> Effective {
    let mut sections: Vec<(String, Vec<Line>)> = Vec::new();
    for (section, name) in in_order(DEFAULTS) {
        let key = format!("{section}.{name}");
        let plain = value(layers, &key, &|_key, text| text.to_owned());
        let value = value(layers, &key, &shown);
        let origin = layers.origin(&key).map_or("default".to_owned(), ToString::to_string);
        let line = Line { name: name.to_owned(), masked: value != plain, value, origin };
        match sections.last_mut() {
            Some((last, lines)) if last == section => lines.push(line),
            Some(_) | None => sections.push((section.to_owned(), vec![line])),
        }
    }
    Effective { sections }
}

/// The keys of a file of defaults, by their sections, as they stand there.
fn in_order(toml: &str) -> Vec<(&str, &str)> {
    let mut section = "";
    let mut keys = Vec::new();
    for line in toml.lines() {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            section = name.0;
        } else if let Some((name, _value)) = line.split_once(" = ")
            && !name.starts_with(['#', ' '])
        {
            keys.push((section, name));
        }
    }
    keys
}

/// How a text may be shown that is the value of a key.
type Show<'a> = &'a dyn Fn(&str, &str) -> String;

/// The value, of the type that its default is of: the environment says all by texts.
fn value(layers: &Layers, key: &str, show: Show<'_>) -> String {
    let config = &layers.config;
    let default = layers.defaults.get::<Value>(key).map(|value| value.kind);
    let typed = match default {
        Ok(ValueKind::Boolean(_)) => config.get_bool(key).ok().map(|flag| flag.to_string()),
        Ok(ValueKind::I64(_)) => config.get_int(key).ok().map(|number| number.to_string()),
        Ok(ValueKind::Float(_)) => config.get_float(key).ok().map(|number| number.to_string()),
        Ok(ValueKind::Array(_)) => list(layers, key, show),
        _ => None,
    };
    let as_it_is = || config.get::<Value>(key).map(|value| toml(&value.kind, key, show));
    // A number may be a secret, too.
    typed.filter(|_typed| !is_secret(key)).or_else(|| as_it_is().ok()).unwrap_or_default()
}

/// A list that the environment spells with commas between its texts.
fn list(layers: &Layers, key: &str, show: Show<'_>) -> Option<String> {
    let value = layers.config.get::<Value>(key).ok()?;
    let ValueKind::String(text) = value.kind else { return None };
    let texts: Vec<String> = text.split(',').map(|one| quoted(&show(key, one.trim()))).collect();
    Some(format!("[{}]", texts.join(", ")))
}

fn toml(kind: &ValueKind, key: &str, show: Show<'_>) -> String {
    match kind {
        ValueKind::String(text) => quoted(&show(key, text)),
        ValueKind::Array(values) => {
            let values: Vec<String> =
                values.iter().map(|value| toml(&value.kind, key, show)).collect();
            format!("[{}]", values.join(", "))
        }
        ValueKind::Table(table) => {
            let mut pairs: Vec<String> = table
                .iter()
                .map(|(name, value)| {
                    let inside = toml(&value.kind, &format!("{key}.{name}"), show);
                    format!("{} = {inside}", quoted(name))
                })
                .collect();
            pairs.sort();
            format!("{{ {} }}", pairs.join(", "))
        }
        ValueKind::Nil => quoted(""),
        ValueKind::Boolean(_)
        | ValueKind::I64(_)
        | ValueKind::I128(_)
        | ValueKind::U64(_)
        | ValueKind::U128(_)
        | ValueKind::Float(_) => {
            let text = kind.to_string();
            if show(key, &text) == MASK { quoted(MASK) } else { text }
        }
    }
}

/// A text as TOML spells it, which escapes what JSON escapes, and one sign more.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}

impl fmt::Display for Effective {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (section, lines)) in self.sections.iter().enumerate() {
            let separator = if index == 0 { "" } else { "\n" };
            writeln!(formatter, "{separator}[{section}]")?;
            for Line { name, value, origin, masked } in lines {
                let masked = if *masked { "; what is secret in it is masked" } else { "" };
                writeln!(formatter, "{name} = {value}  # {origin}{masked}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use config::{Config, File, FileFormat};

    use super::*;
    use crate::config::layers::keys;
    use crate::config::mask::WORDS;
    use crate::config::{Sources, load, load_shown};

    fn variable(key: &str) -> String {
        format!("STOCKFLOW_{}", key.to_uppercase().replace('.', "__"))
    }

    fn defaults() -> BTreeSet<String> {
        let config = Config::builder().add_source(File::from_str(DEFAULTS, FileFormat::Toml));
        keys(&config.build().unwrap().cache)
    }

    #[test]
    fn every_key_is_found_in_the_text_of_the_defaults() {
        let found: Vec<String> =
            in_order(DEFAULTS).iter().map(|(section, name)| format!("{section}.{name}")).collect();
        assert_eq!(found.iter().cloned().collect::<BTreeSet<_>>(), defaults());
        assert_eq!(found.len(), defaults().len());
    }

    #[test]
    fn no_setting_whose_name_speaks_of_a_secret_is_shown() {
        // A new key of such a name that is shown on purpose belongs on the list in `secret`.
        for key in defaults() {
            let name = key.rsplit('.').next().unwrap();
            let speaks = WORDS.iter().any(|word| name.contains(word));
            let environment = vec![(variable(&key), "s3cret".to_owned())];
            let sources = Sources { environment, ..Sources::default() };
            let layers = Layers::lay(&sources).unwrap();
            let told = effective(&layers).to_string();
            let masked = !speaks || !is_secret(&key) || !told.contains("s3cret");
            assert!(masked, "{key} is shown");
        }
    }

    #[test]
    fn what_is_shown_is_a_file_that_says_the_same() {
        let pairs = [
            ("STOCKFLOW_LEDGER__QUEUE_MAX", "7"),
            ("STOCKFLOW_CACHE__REDIS_CLUSTER", "true"),
            ("STOCKFLOW_LOG__FILTER", "warn,stockflow=\"debug\""),
            ("STOCKFLOW_REDIS_URLS", "redis://a, redis://b"),
        ];
        let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let sources = Sources { environment: pairs[..2].to_vec(), ..Sources::default() };
        for sources in [Sources { environment: pairs[3..].to_vec(), ..sources.clone() }, sources] {
            let (settings, told) = load_shown(&sources).unwrap();
            let file = tempfile::NamedTempFile::new().unwrap();
            std::fs::write(file.path(), told.to_string()).unwrap();
            let of_file = Sources { file: Some(file.path().to_owned()), ..Sources::default() };
            assert_eq!(load(&of_file).unwrap(), settings, "{told}");
        }
    }

    #[test]
    fn each_line_tells_where_it_is_from_and_no_password() {
        let environment = vec![
            ("STOCKFLOW_DATABASE_URL".to_owned(), "postgres://clerk:s3cret@db/stock".to_owned()),
            ("STOCKFLOW_REDIS_URLS".to_owned(), "redis://:s3cret@a,redis://b".to_owned()),
        ];
        let mut sources = Sources { environment, ..Sources::default() };
        sources.flags.set("ledger.lanes", Some(2));
        let told = load_shown(&sources).unwrap().1.to_string();
        for line in [
            "url = \"postgres://clerk:***@db/stock\"  # environment, STOCKFLOW_DATABASE_URL; what \
             is secret in it is masked",
            "redis_urls = [\"redis://:***@a\", \"redis://b\"]  # environment, STOCKFLOW_REDIS_URLS; \
             what is secret in it is masked",
            "lanes = 2  # flag",
            "queue_max = 10000  # default",
        ] {
            assert!(told.contains(&format!("{line}\n")), "{line} is not in {told}");
        }
        assert!(!told.contains("s3cret"), "{told}");
    }
}
