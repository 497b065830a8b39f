//! What came of a check, for people and for machines.

use std::process::ExitCode;

use serde_json::{Value, json};

use crate::audit::{Checks, Swept};
use crate::cli::output;
use crate::domain::Finding;

/// Tells what came of going over the books; 1 if anything is wrong.
pub(super) fn tell(checks: Checks, swept: &Swept, as_json: bool) -> ExitCode {
    if as_json {
        output::line(&to_json(checks, swept).to_string());
    } else {
        for finding in &swept.findings {
            output::line(&format!("{}: {finding}", finding.kind.name()));
        }
        output::line(&in_one_line(checks, swept));
    }
    if swept.finding_count == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn in_one_line(checks: Checks, swept: &Swept) -> String {
    let Swept { sku_count, entry_count, last_flow_id, finding_count, .. } = swept;
    let of = format!("{entry_count} entries of {sku_count} SKUs, up to entry {last_flow_id}");
    let shown = swept.findings.len();
    match (finding_count, checks) {
        (0, Checks::Amounts) => format!("the books agree: {of}"),
        (0, Checks::Chains) => format!("every hash fits: {of}"),
        (count, _) if usize::try_from(*count).is_ok_and(|count| count > shown) => {
            format!("{count} findings, of which the first {shown} are told above, in {of}")
        }
        (count, _) => format!("{count} findings in {of}"),
    }
}

fn to_json(checks: Checks, swept: &Swept) -> Value {
    json!({
        "check": match checks {
            Checks::Amounts => "reconcile",
            Checks::Chains => "verify",
        },
        "agrees": swept.finding_count == 0,
        "skuCount": swept.sku_count,
        "entryCount": swept.entry_count,
        "lastFlowId": swept.last_flow_id.to_string(),
        "findingCount": swept.finding_count,
        "findings": swept.findings.iter().map(finding).collect::<Vec<_>>(),
    })
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
