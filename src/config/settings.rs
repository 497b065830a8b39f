//! The settings, once they are known to make sense.

use super::fault::Fault;
use super::reader::Reader;
use super::sections::{
    AnomaliesSection, AuditSection, AuthSection, CacheSection, CountsSection, DatabaseSection,
    GraphqlSection, LedgerSection, LimitsSection, LiveSection, LogSection, RefusalsSection,
    ServerSection, TelemetrySection,
};

/// Every setting.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Section `server`.
    pub server: ServerSection,
    /// Section `limits`.
    pub limits: LimitsSection,
    /// Section `live`.
    pub live: LiveSection,
    /// Section `database`.
    pub database: DatabaseSection,
    /// Section `ledger`.
    pub ledger: LedgerSection,
    /// Section `cache`.
    pub cache: CacheSection,
    /// Section `graphql`.
    pub graphql: GraphqlSection,
    /// Section `auth`.
    pub auth: AuthSection,
    /// Section `audit`.
    pub audit: AuditSection,
    /// Section `counts`.
    pub counts: CountsSection,
    /// Section `refusals`.
    pub refusals: RefusalsSection,
    /// Section `anomalies`.
    pub anomalies: AnomaliesSection,
    /// Section `log`.
    pub log: LogSection,
    /// Section `telemetry`.
    pub telemetry: TelemetrySection,
}

impl Settings {
    /// Reads every setting; gives up only at the end.
    pub(super) fn read(mut reader: Reader<'_>) -> Result<Self, Vec<Fault>> {
        let server = ServerSection::read(&mut reader);
        let limits = LimitsSection::read(&mut reader);
        let live = LiveSection::read(&mut reader);
        let database = DatabaseSection::read(&mut reader);
        let ledger = LedgerSection::read(&mut reader);
        let cache = CacheSection::read(&mut reader);
        let graphql = GraphqlSection::read(&mut reader);
        let auth = AuthSection::read(&mut reader);
        let audit = AuditSection::read(&mut reader);
        let counts = CountsSection::read(&mut reader);
        let refusals = RefusalsSection::read(&mut reader);
        let anomalies = AnomaliesSection::read(&mut reader);
        let log = LogSection::read(&mut reader);
        let telemetry = TelemetrySection::read(&mut reader);
        let settings = (|| {
            Some(Self {
                server: server?,
                limits: limits?,
                live: live?,
                database: database?,
                ledger: ledger?,
                cache: cache?,
                graphql: graphql?,
                auth: auth?,
                audit: audit?,
                counts: counts?,
                refusals: refusals?,
                anomalies: anomalies?,
                log: log?,
                telemetry: telemetry?,
            })
        })();
        reader.finish(settings)
    }
}
