//! Section `telemetry`: where traces are sent, and of how many requests.

use crate::config::reader::Reader;

/// Where traces are sent, and of how many requests.
#[derive(Clone, Debug, PartialEq)]
pub struct TelemetrySection {
    /// The collector's address, without `/v1/traces`; `None` for no traces.
    pub otlp_endpoint: Option<String>,
    /// The part of the requests that are traced where no caller has decided on it, 0 to 1.
    pub otlp_sample_ratio: f64,
    /// What this server is called in traces.
    pub service_name: String,
}

impl TelemetrySection {
    pub(in crate::config) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let endpoint = reader.text(
            "telemetry.otlp_endpoint",
            |text| text.is_empty() || is_endpoint(text),
            "must be a URL, as http://localhost:4318, or empty",
        );
        let ratio = reader.fraction("telemetry.otlp_sample_ratio");
        let is_name = |name: &str| (1..=100).contains(&name.chars().count());
        let service_name =
            reader.text("telemetry.service_name", is_name, "must have 1 to 100 characters");
        Some(Self {
            otlp_endpoint: endpoint.map(|text| (!text.is_empty()).then_some(text))?,
            otlp_sample_ratio: ratio?,
            service_name: service_name?,
        })
    }
}

/// Whether it is the address of a collector, to which a path can be added.
fn is_endpoint(text: &str) -> bool {
    reqwest::Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.query().is_none()
            && url.fragment().is_none()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Flags, Sources, load};

    fn read(environment: &[(&str, &str)]) -> Result<TelemetrySection, Vec<String>> {
        let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let environment = environment.iter().map(pair).collect();
        let sources = Sources { environment, file: None, flags: Flags::default() };
        load(&sources)
            .map(|settings| settings.telemetry)
            .map_err(|invalid| invalid.0.into_iter().map(|fault| fault.subject).collect())
    }

    #[test]
    fn nothing_is_traced_unless_an_endpoint_is_named() {
        let telemetry = read(&[]).unwrap();
        assert_eq!(telemetry.otlp_endpoint, None);
        assert_eq!(telemetry.service_name, "stockflow");
        assert!((telemetry.otlp_sample_ratio - 0.01).abs() < f64::EPSILON);
    }

    #[test]
    fn the_standard_variables_are_understood_and_our_own_go_before() {
        let standard =
            [("OTEL_EXPORTER_OTLP_ENDPOINT", "http://a:4318"), ("OTEL_SERVICE_NAME", "shop")];
        let telemetry = read(&standard).unwrap();
        assert_eq!(telemetry.otlp_endpoint.as_deref(), Some("http://a:4318"));
        assert_eq!(telemetry.service_name, "shop");
        let own = [standard[0], ("STOCKFLOW_TELEMETRY__OTLP_ENDPOINT", "https://b/otlp")];
        let telemetry = read(&own).unwrap();
        assert_eq!(telemetry.otlp_endpoint.as_deref(), Some("https://b/otlp"));
    }

    #[test]
    fn what_makes_no_sense_is_named() {
        for (name, key, value, valid) in [
            ("OTLP_ENDPOINT", "otlp_endpoint", "localhost:4318", false),
            ("OTLP_ENDPOINT", "otlp_endpoint", "http://a/?b", false),
            ("OTLP_SAMPLE_RATIO", "otlp_sample_ratio", "-0.1", false),
            ("OTLP_SAMPLE_RATIO", "otlp_sample_ratio", "0", true),
            ("OTLP_SAMPLE_RATIO", "otlp_sample_ratio", "1", true),
            ("OTLP_SAMPLE_RATIO", "otlp_sample_ratio", "1.1", false),
            ("OTLP_SAMPLE_RATIO", "otlp_sample_ratio", "NaN", false),
            ("SERVICE_NAME", "service_name", &"x".repeat(100), true),
            ("SERVICE_NAME", "service_name", &"x".repeat(101), false),
        ] {
            let told = read(&[(&format!("STOCKFLOW_TELEMETRY__{name}"), value)]);
            match told {
                Ok(_read) => assert!(valid, "{name} {value}"),
                Err(faults) => {
                    assert!(!valid, "{name} {value}");
                    assert_eq!(faults, [format!("telemetry.{key}")]);
                }
            }
        }
    }
}
