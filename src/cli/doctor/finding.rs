//! What a check found.

use std::fmt;

use serde::Serialize;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Level {
    /// As it should be.
    Ok,
    /// The server works, and something should be better.
    Warn,
    /// The server does not work, or does not keep what it promises.
    Fail,
}

impl fmt::Display for Level {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "FAIL",
        })
    }
}

/// What was found, in one line, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Finding {
    pub(super) level: Level,
    pub(super) message: String,
    pub(super) advice: Option<String>,
}

impl Finding {
    /// It is as it should be.
    pub(super) fn ok(message: impl Into<String>) -> Self {
        Self { level: Level::Ok, message: message.into(), advice: None }
    }

    /// It should be better.
    pub(super) fn warn(message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { level: Level::Warn, message: message.into(), advice: Some(advice.into()) }
    }

    /// It does not do.
    pub(super) fn fail(message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { level: Level::Fail, message: message.into(), advice: Some(advice.into()) }
    }
}
