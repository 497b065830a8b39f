//! Has the validation of a document appear in the request's trace, by the library's hook for it. A
//! schema has this only where requests may be traced: with any hook the library asks it of every
//! field.

use std::sync::Arc;

use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextValidation};
use async_graphql::{ServerError, ValidationResult, async_trait};

use crate::telemetry::trace::Span;

/// Makes the hook.
pub(super) struct ValidationSpans;

struct ValidationSpan;

impl ExtensionFactory for ValidationSpans {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(ValidationSpan)
    }
}

#[async_trait::async_trait]
impl Extension for ValidationSpan {
    async fn validation(
        &self,
        context: &ExtensionContext<'_>,
        next: NextValidation<'_>,
    ) -> Result<ValidationResult, Vec<ServerError>> {
        Span::part("graphql.validate").around(next.run(context)).await
    }
}
