//! What is wrong with the settings.

use std::fmt;

use config::ConfigError;

/// One thing that is wrong, with the key or the file that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The key, as `server.listen`, or the file.
    pub subject: String,
    /// What is wrong with it.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.subject, self.message)
    }
}

/// Everything that is wrong with the settings; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidSettings(pub Vec<Fault>);

impl InvalidSettings {
    pub(super) fn of(subject: impl Into<String>, message: impl Into<String>) -> Self {
        Self(vec![Fault { subject: subject.into(), message: message.into() }])
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

/// The words of an error of the `config` crate, without the key, which stands before them.
pub(super) fn words(error: &ConfigError) -> String {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the crate may add kinds of errors")]
    match error {
        ConfigError::At { error, .. } => words(error),
        ConfigError::Type { origin, unexpected, expected, .. } => {
            let place = origin.as_ref().map(|origin| format!(", in {origin}")).unwrap_or_default();
            format!("must be {expected}, is {unexpected}{place}")
        }
        ConfigError::FileParse { cause, .. } | ConfigError::Foreign(cause) => cause.to_string(),
        ConfigError::Message(message) => message.clone(),
        other => other.to_string(),
    }
}
