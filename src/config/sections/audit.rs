//! Section `audit`: when the books are sealed, and by whom.

use std::path::PathBuf;
use std::time::Duration;

use crate::config::reader::Reader;

/// The shortest pause between two seals; less would fill the table with what nobody keeps.
const SEAL_INTERVAL_MS_MIN: u64 = 1_000;

/// A year of 366 days.
const SEAL_INTERVAL_MS_MAX: i64 = 31_622_400_000;

/// When the books are sealed, and by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditSection {
    /// How old the newest seal may become before the server makes another; `None` for never.
    pub seal_interval: Option<Duration>,
    /// The private key that signs seals, as PEM; `None` for seals that are not signed.
    pub seal_key_file: Option<PathBuf>,
}

impl AuditSection {
    pub(in crate::config) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let key = "audit.seal_interval_ms";
        let interval = reader.duration(key, 0..=SEAL_INTERVAL_MS_MAX);
        let least = Duration::from_millis(SEAL_INTERVAL_MS_MIN);
        if interval.is_some_and(|interval| !interval.is_zero() && interval < least) {
            reader.fault(key, format!("must be 0, or {SEAL_INTERVAL_MS_MIN} or more"));
        }
        let seal_key_file: Option<String> = reader.get("audit.seal_key_file");
        Some(Self {
            seal_interval: interval.map(|interval| (!interval.is_zero()).then_some(interval))?,
            seal_key_file: seal_key_file.map(|path| (!path.is_empty()).then(|| path.into()))?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Flags, Sources, load};

    fn read(interval_ms: &str) -> Result<AuditSection, Vec<String>> {
        let variable = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let environment = vec![
            variable("STOCKFLOW_AUDIT__SEAL_INTERVAL_MS", interval_ms),
            variable("STOCKFLOW_AUDIT__SEAL_KEY_FILE", "seal.key"),
        ];
        let sources = Sources { environment, file: None, flags: Flags::default() };
        load(&sources)
            .map(|settings| settings.audit)
            .map_err(|invalid| invalid.0.into_iter().map(|fault| fault.subject).collect())
    }

    #[test]
    fn nothing_is_sealed_unless_it_is_said_how_often() {
        let audit = load(&Sources::default()).unwrap().audit;
        assert_eq!(audit, AuditSection { seal_interval: None, seal_key_file: None });
        let audit = read("1000").unwrap();
        assert_eq!(audit.seal_interval, Some(Duration::from_secs(1)));
        assert_eq!(audit.seal_key_file, Some("seal.key".into()));
        assert_eq!(read("0").unwrap().seal_interval, None);
        for wrong in ["1", "999", "-1", "31622400001"] {
            assert_eq!(read(wrong).unwrap_err(), ["audit.seal_interval_ms"], "{wrong}");
        }
    }
}
