//! What is told of the process itself, looked up when it is asked for: since when it runs, what it
//! takes of the machine (where there is a `/proc`), and what the log dropped.

use std::fmt;
use std::fs;
use std::time::{SystemTime, UNIX_EPOCH};

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use super::log::lines_dropped;

/// What the program is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Build {
    version: &'static str,
}

/// Registers what is told of the process, which begins about now.
#[expect(clippy::disallowed_methods, reason = "nothing on the books depends on it")]
pub(super) fn register(registry: &mut Registry) {
    let build = Build { version: env!("CARGO_PKG_VERSION") };
    registry.register("build", "The version of the program", Info::new(build));
    let start = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
    registry.register_collector(Box::new(Process { start }));
}

#[derive(Debug)]
struct Process {
    /// When it began, in seconds since 1970.
    start: f64,
}

impl Collector for Process {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let mut tell = |name: &str, help: &str, unit: Option<&Unit>, metric: &dyn EncodeMetric| {
            metric.encode(encoder.encode_descriptor(name, help, unit, metric.metric_type())?)
        };
        tell(
            "process_start_time",
            "When the process began, in seconds since 1970",
            Some(&Unit::Seconds),
            &ConstGauge::new(self.start),
        )?;
        if let Some(bytes) = resident_bytes() {
            tell(
                "process_resident_memory",
                "Memory that the process holds",
                Some(&Unit::Bytes),
                &ConstGauge::new(bytes),
            )?;
        }
        if let Some(files) = open_files() {
            let help = "Files and connections that the process has open";
            tell("process_open_fds", help, None, &ConstGauge::new(files))?;
        }
        let dropped = ConstCounter::new(lines_dropped());
        tell("log_lines_dropped", "Lines of the log that were dropped", None, &dropped)
    }
}

/// From the line `VmRSS:  12345 kB` (proc(5)).
fn resident_bytes() -> Option<i64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: i64 = line.split_whitespace().next()?.parse().ok()?;
    kilobytes.checked_mul(1_024)
}

/// The one through which they are counted is not among them.
fn open_files() -> Option<i64> {
    let files = fs::read_dir("/proc/self/fd").ok()?.count().saturating_sub(1);
    i64::try_from(files).ok()
}
