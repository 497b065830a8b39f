//! The defaults that the library has for those who build a schema without settings are those of the
//! file.

use stockflow::config::{self, Sources};
use stockflow::graphql::{DocumentLimits, SchemaSettings};

#[test]
fn a_schema_without_settings_has_the_defaults_of_the_file() {
    let settings = config::load(&Sources::default()).unwrap();
    let file = settings.graphql;
    let SchemaSettings {
        document_cache_bytes,
        persisted_queries_bytes,
        limits,
        introspection,
        counts,
        anomaly_rules,
    } = SchemaSettings::default();
    assert_eq!(anomaly_rules, settings.anomalies.rules);
    assert_eq!(document_cache_bytes, file.document_cache_bytes);
    assert_eq!(persisted_queries_bytes, file.persisted_queries_bytes);
    assert_eq!(introspection, file.introspection);
    let file_counts = config::load(&Sources::default()).unwrap().counts;
    assert_eq!(counts.second_person_above_units, file_counts.second_person_above_units);
    let expected = DocumentLimits {
        document_bytes_max: file.document_bytes_max,
        depth_max: file.depth_max,
        selections_max: file.selections_max,
        fragments_max: file.fragments_max,
        variables_max: file.variables_max,
        aliases_max: file.aliases_max,
        root_fields_max: file.root_fields_max,
        directives_max: file.directives_max,
        complexity_max: file.complexity_max,
    };
    assert_eq!(limits, expected);
}
