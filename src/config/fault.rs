//! What is wrong with the settings.

use std::fmt;

use config::ConfigError;

/// One thing that is wrong, with the key or the file that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The key, as `server.listen`, or the file.
    pub subject: String,
    /// What is wrong with it. Secrets are masked.
    pub message: String,
    /// Where the value is from, if that is known: a file, the environment or a flag.
    pub origin: Option<String>,
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.subject, self.message)?;
        match &self.origin {
            Some(origin) => write!(formatter, " ({origin})"),
            None => Ok(()),
        }
    }
}

/// Everything that is wrong with the settings; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidSettings(pub Vec<Fault>);

impl InvalidSettings {
    pub(super) fn of(subject: impl Into<String>, message: impl Into<String>) -> Self {
        Self(vec![Fault { subject: subject.into(), message: message.into(), origin: None }])
    }
}

impl fmt::Display for InvalidSettings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(formatter, "{separator}{fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for InvalidSettings {}

/// The words of an error of the `config` crate, without the key, which stands before them, and
/// without anything that may be a value: who reads of a fault may not read of passwords.
pub(super) fn words(error: &ConfigError) -> String {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the crate may add kinds of errors")]
    match error {
        ConfigError::At { error, .. } => words(error),
        ConfigError::Type { unexpected, expected, .. } => {
            format!("must be {expected}, is {}", kind(&unexpected.to_string()))
        }
        ConfigError::FileParse { cause, .. } => place_and_reason(&cause.to_string()),
        ConfigError::Foreign(cause) => cause.to_string(),
        ConfigError::Message(message) => message.clone(),
        other => other.to_string(),
    }
}

/// What a value is, without the value itself, which stands behind it in quotes.
fn kind(unexpected: &str) -> &str {
    unexpected.split(['`', '"']).next().unwrap_or_default().trim_end()
}

/// Where a file is no TOML, and why, without the line itself that the parser shows in between.
fn place_and_reason(told: &str) -> String {
    let place = told.lines().next().filter(|line| line.starts_with("TOML parse error at"));
    let reason = told.lines().next_back().filter(|line| !line.contains('|'));
    match (place, reason) {
        (Some(place), Some(reason)) if place != reason => format!("{place}: {reason}"),
        (place, _reason) => place.unwrap_or(told).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use config::{Config, File, FileFormat};

    use super::*;

    #[test]
    fn a_fault_of_the_file_does_not_show_the_line() {
        for (toml, reason) in [
            ("[a]\nurl = \"postgres://u:s3cret@h", "line 2"),
            ("[a]\nurl = s3cret", "line 2"),
            ("[a]\nb = 1\nb = \"s3cret\"", "line 3"),
        ] {
            let file = File::from_str(toml, FileFormat::Toml);
            let told = words(&Config::builder().add_source(file).build().unwrap_err());
            assert!(!told.contains("s3cret") && told.contains(reason), "{told}");
            assert!(!told.contains('\n'), "{told}");
        }
    }
}
