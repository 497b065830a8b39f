//! Tells findings: a line each as they come, or one JSON object at the end.

use std::process::ExitCode;

use serde_json::{Value, json};

use super::finding::{Finding, Level};
use crate::cli::output;

/// The findings so far.
pub(super) struct Report {
    json: bool,
    findings: Vec<Value>,
    failed: bool,
}

impl Report {
    pub(super) fn new(json: bool) -> Self {
        Self { json, findings: Vec::new(), failed: false }
    }

    /// Adds what a check found.
    pub(super) fn add(&mut self, check: &str, findings: Vec<Finding>) {
        for finding in findings {
            self.failed |= finding.level == Level::Fail;
            if self.json {
                self.findings.push(json!({
                    "check": check,
                    "level": finding.level,
                    "message": one_line(&finding.message),
                    "advice": finding.advice,
                }));
                continue;
            }
            let advice = finding.advice.map(|advice| format!("; {advice}")).unwrap_or_default();
            let told = one_line(&format!("{}{advice}", finding.message));
            output::line(&format!("{:<4}  {check:<11}  {told}", finding.level));
        }
    }

    /// Tells the end; the exit code is 1 if anything failed.
    pub(super) fn end(self) -> ExitCode {
        if self.json {
            let report = json!({ "ok": !self.failed, "findings": self.findings });
            output::line(&report.to_string());
        }
        if self.failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }
}

/// In one line, whatever a driver says.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
