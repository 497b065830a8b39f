//! What came of a check, for people and for machines.

use std::process::ExitCode;

use serde_json::{Value, json};

use crate::audit::seal::{CheckedBy, SealCheck, SealFinding};
use crate::audit::{Checks, Swept};
use crate::cli::output;
use crate::domain::Finding;

/// What came of going over the books, and of holding a seal against them.
pub(super) struct Report<'a> {
    pub(super) checks: Checks,
    pub(super) swept: &'a Swept,
    pub(super) seal: Option<&'a SealCheck>,
}

impl Report<'_> {
    /// Tells it; 1 if anything is wrong.
    pub(super) fn tell(&self, as_json: bool) -> ExitCode {
        if as_json {
            output::line(&self.to_json().to_string());
        } else {
            for line in self.lines() {
                output::line(&line);
            }
        }
        if self.agrees() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    fn agrees(&self) -> bool {
        self.swept.finding_count == 0 && self.seal.is_none_or(SealCheck::holds)
    }

    fn lines(&self) -> Vec<String> {
        let swept = self.swept;
        let findings = swept.findings.iter();
        let mut lines: Vec<String> =
            findings.map(|finding| format!("{}: {finding}", finding.kind.name())).collect();
        lines.push(self.of_books());
        if let Some(check) = self.seal {
            let findings = check.findings.iter();
            lines.extend(findings.map(|it| format!("{}: {}", it.kind.name(), it.message)));
            lines.push(of_seal(check));
        }
        lines
    }

    fn of_books(&self) -> String {
        let Swept { sku_count, entry_count, last_flow_id, finding_count, .. } = self.swept;
        let of = format!("{entry_count} entries of {sku_count} SKUs, up to entry {last_flow_id}");
        let shown = self.swept.findings.len();
        match (finding_count, self.checks) {
            (0, Checks::Amounts) => format!("the books agree: {of}"),
            (0, Checks::Chains) => format!("every hash fits: {of}"),
            (count, _) if usize::try_from(*count).is_ok_and(|count| count > shown) => {
                format!("{count} findings, of which the first {shown} are told above, in {of}")
            }
            (1, _) => format!("1 finding in {of}"),
            (count, _) => format!("{count} findings in {of}"),
        }
    }

    fn to_json(&self) -> Value {
        let swept = self.swept;
        json!({
            "check": match self.checks {
                Checks::Amounts => "reconcile",
                Checks::Chains => "verify",
            },
            "agrees": self.agrees(),
            "skuCount": swept.sku_count,
            "entryCount": swept.entry_count,
            "lastFlowId": swept.last_flow_id.to_string(),
            "findingCount": swept.finding_count,
            "findings": swept.findings.iter().map(finding).collect::<Vec<_>>(),
            "seal": self.seal.map(seal),
        })
    }
}

fn of_seal(check: &SealCheck) -> String {
    let id = check.seal.id;
    let signature = match check.checked_by {
        CheckedBy::GivenKey => "signed by the key that was given",
        CheckedBy::OwnKey => "signed by a key of its own word; give the right one by --public-key",
        CheckedBy::Nothing => "not signed",
    };
    if check.holds() {
        let skus = check.sku_count;
        return format!(
            "seal {id} holds: the ends of {skus} SKUs are what was sealed; {signature}"
        );
    }
    let told = u64::try_from(check.findings.len()).unwrap_or(u64::MAX);
    let count = told.saturating_add(check.findings_left_out);
    let findings = if count == 1 { "finding" } else { "findings" };
    format!("seal {id} does not hold: {count} {findings}, of which {told} told above")
}

fn finding(finding: &Finding) -> Value {
    json!({
        "kind": finding.kind.name(),
        "skuId": finding.sku_id.to_string(),
        "sequence": finding.sequence.map(|sequence| sequence.to_string()),
        "flowIds": finding.flow_ids.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "expected": finding.expected,
        "actual": finding.actual,
        "message": finding.to_string(),
    })
}

fn seal(check: &SealCheck) -> Value {
    json!({
        "id": check.seal.id.to_string(),
        "holds": check.holds(),
        "signature": match check.checked_by {
            CheckedBy::GivenKey => "GIVEN_KEY",
            CheckedBy::OwnKey => "OWN_KEY",
            CheckedBy::Nothing => "NONE",
        },
        "skuCount": check.sku_count,
        "sealCount": check.seal_count,
        "findings": check.findings.iter().map(seal_finding).collect::<Vec<_>>(),
        "findingsLeftOut": check.findings_left_out,
    })
}

fn seal_finding(finding: &SealFinding) -> Value {
    json!({
        "kind": finding.kind.name(),
        "sealId": finding.seal_id.to_string(),
        "skuId": finding.sku_id.map(|id| id.to_string()),
        "flowId": finding.flow_id.map(|id| id.to_string()),
        "sequence": finding.sequence.map(|sequence| sequence.to_string()),
        "message": finding.message,
    })
}
