//! Exports of the history: what `inventoryFlows` lists by pages, for those who want all of it.
//!
//! An export is asked for by the parameters of a URL, and these are the fields of
//! `InventoryFlowWhere` under their names here. They become that input and are read as it is, so
//! that a filter means the same to a page and to an export, and what is wrong with one is told in
//! the same words.

use std::time::Duration;

use async_graphql::indexmap::IndexMap;
use async_graphql::{Error, InputType as _, Name, ServerError, Value};

use super::context::RequestContext;
use super::input::InventoryFlowWhere;
use super::needs::AUDIT_READ;
use super::{Schema, coded};
use crate::audit::export::{Export, ExportError, ExportRequest, Format, not_settled};
use crate::auth::{Caller, Scope};
use crate::domain::FlowId;
use crate::domain::filter::{Consistency, FlowFilter};
use crate::store;

/// The parameter that says where an export ends.
const LAST_FLOW_ID: &str = "lastFlowId";

/// Who wants what.
#[derive(Clone, Debug)]
pub struct ExportOptions {
    /// Who asks.
    pub caller: Caller,
    /// The id under which the request is logged.
    pub request_id: String,
    /// The parameters, in their order.
    pub parameters: Vec<(String, String)>,
    /// In which form.
    pub format: Format,
    /// How long the database may take for one page.
    pub page_time_max: Duration,
}

/// Why an export does not begin.
#[derive(Clone, Debug)]
pub struct ExportRefused {
    /// The error, as GraphQL tells it: with `extensions.code`, `retryable` and `requestId`.
    pub error: Box<ServerError>,
    /// Its code.
    pub code: &'static str,
}

/// Begins an export in the name of its caller.
///
/// # Errors
///
/// [`ExportRefused`] when they may not, a parameter is wrong, or the books cannot be read.
pub async fn begin_export(
    schema: &Schema,
    options: ExportOptions,
) -> Result<Export, ExportRefused> {
    let ExportOptions { caller, request_id, parameters, format, page_time_max } = options;
    let visibility = caller.visibility();
    let request =
        RequestContext::new(schema, caller, request_id, store::Asked::of(Consistency::Primary));
    if !request.caller.has(Scope::AuditRead) {
        return Err(request.forbidden(AUDIT_READ).into());
    }
    let (filter, last_flow_id) = Parameters::read(&request, parameters)?.filter(&request)?;
    let wanted = ExportRequest { filter, visibility, last_flow_id, format, page_time_max };
    schema.audit().export(wanted).await.map_err(|error| match error {
        ExportError::NotSettled { settled, .. } => {
            request.invalid_argument(&[LAST_FLOW_ID], not_settled(settled)).into()
        }
        failed @ (ExportError::Store(_) | ExportError::Unreadable(_) | ExportError::TooLong(_)) => {
            request.failed(&failed).into()
        }
    })
}

impl From<Error> for ExportRefused {
    fn from(error: Error) -> Self {
        let mut told = ServerError::new(error.message, None);
        told.extensions = error.extensions;
        let code = coded::code_of(&told);
        Self { error: Box::new(told), code }
    }
}

/// How a parameter is spelled in the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spelling {
    /// One of a list.
    Item,
    /// The field itself.
    Field,
    /// A member of the field, behind a dot.
    Member,
    /// The same, which is a number.
    Number,
    /// None of the filter's.
    Cut,
}

/// The parameters there are.
const PARAMETERS: [(&str, Spelling); 12] = [
    ("skuId", Spelling::Item),
    ("merchantId", Spelling::Field),
    ("orderDetailId", Spelling::Item),
    ("kind", Spelling::Item),
    ("actor", Spelling::Item),
    ("idempotencyKey", Spelling::Field),
    ("deductionId", Spelling::Field),
    ("createdAt.from", Spelling::Member),
    ("createdAt.to", Spelling::Member),
    ("quantityTrade.min", Spelling::Number),
    ("quantityTrade.max", Spelling::Number),
    (LAST_FLOW_ID, Spelling::Cut),
];

/// The parameters of an export, as the input that they spell.
#[derive(Debug, Default)]
struct Parameters {
    input: IndexMap<Name, Value>,
    last_flow_id: Option<String>,
}

impl Parameters {
    fn read(
        request: &RequestContext,
        parameters: Vec<(String, String)>,
    ) -> Result<Self, ExportRefused> {
        let mut read = Self::default();
        for (name, text) in parameters {
            let known = PARAMETERS.iter().find(|(known, _spelling)| *known == name);
            let wrong = |text: &str| {
                let path: Vec<&str> = name.split('.').collect();
                Err(request.invalid_argument(&path, text).into())
            };
            let Some((name, spelling)) = known else {
                let names: Vec<&str> = PARAMETERS.iter().map(|(known, _spelling)| *known).collect();
                return wrong(&format!("is no parameter; there are {}", names.join(", ")));
            };
            if !fits(name, *spelling, &text) {
                return wrong(expected(name));
            }
            if !read.put(name, *spelling, text) {
                return wrong("is given twice");
            }
        }
        Ok(read)
    }

    /// Puts a parameter in its place; false if there is one that may stand once.
    fn put(&mut self, name: &str, spelling: Spelling, text: String) -> bool {
        if spelling == Spelling::Cut {
            return self.last_flow_id.replace(text).is_none();
        }
        let (field, member) = name.split_once('.').unwrap_or((name, ""));
        let value = value(spelling, text);
        let empty = match spelling {
            Spelling::Item => Value::List(Vec::new()),
            Spelling::Member | Spelling::Number => Value::Object(IndexMap::new()),
            Spelling::Field | Spelling::Cut => Value::Null,
        };
        match self.input.entry(Name::new(field)).or_insert(empty) {
            Value::List(items) => items.push(value),
            Value::Object(members) => return members.insert(Name::new(member), value).is_none(),
            once @ Value::Null => *once = value,
            Value::Number(_)
            | Value::String(_)
            | Value::Boolean(_)
            | Value::Binary(_)
            | Value::Enum(_) => return false,
        }
        true
    }

    /// The filter that they spell, and the cut.
    fn filter(
        self,
        request: &RequestContext,
    ) -> Result<(FlowFilter, Option<FlowId>), ExportRefused> {
        let parsed = InventoryFlowWhere::parse(Some(Value::Object(self.input)));
        // Each part of it has been parsed before.
        let parsed =
            parsed.map_err(|_invalid| request.invalid_argument(&["where"], "makes no sense"))?;
        let filter = parsed.read(request).map_err(without_where)?;
        let last_flow_id = self.last_flow_id.map(|text| {
            text.parse::<FlowId>()
                .map_err(|invalid| request.invalid_argument(&[LAST_FLOW_ID], invalid))
        });
        Ok((filter, last_flow_id.transpose()?))
    }
}

/// Whether the input takes a parameter, apart from all others.
fn fits(name: &str, spelling: Spelling, text: &str) -> bool {
    let mut alone = Parameters::default();
    alone.put(name, spelling, text.to_owned());
    InventoryFlowWhere::parse(Some(Value::Object(alone.input))).is_ok()
}

fn expected(name: &str) -> &'static str {
    match name {
        "kind" => "must be one of OPENING, DEDUCTION, REFUND, REPLENISHMENT and ADJUSTMENT",
        "createdAt.from" | "createdAt.to" => {
            "must be an instant with its offset, as 2026-11-22T09:50:00Z (a + is %2B in a URL)"
        }
        "quantityTrade.min" | "quantityTrade.max" => "must be a whole number of 32 bits",
        _ => "makes no sense",
    }
}

fn value(spelling: Spelling, text: String) -> Value {
    match spelling {
        Spelling::Number => text.parse::<i64>().map_or(Value::String(text), Value::from),
        Spelling::Item | Spelling::Field | Spelling::Member | Spelling::Cut => Value::String(text),
    }
}

/// The same error, of a parameter: the argument of a field has a name of its own, which a URL has
/// not.
fn without_where(mut error: Error) -> Error {
    if let Some(rest) = error.message.strip_prefix("where.") {
        error.message = rest.to_owned();
    }
    if let Some(extensions) = &mut error.extensions
        && let Some(Value::List(path)) = extensions.get("field")
    {
        let path = path.iter().skip(1).cloned().collect();
        extensions.set("field", Value::List(path));
    }
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A field that the input gets is a parameter as well.
    #[test]
    fn every_field_of_the_filter_is_a_parameter() {
        let sdl = crate::graphql::sdl();
        let input = sdl.split("input InventoryFlowWhere {").nth(1).unwrap();
        let input = input.split("\n}").next().unwrap();
        let fields: Vec<&str> = input
            .lines()
            .filter_map(|line| line.trim().split_once(": "))
            .map(|(name, _type)| name)
            .filter(|name| name.chars().all(char::is_alphanumeric))
            .collect();
        assert_eq!(fields.len(), 9, "{fields:?}");
        for field in fields {
            let known = |(name, _): &(&str, Spelling)| name.split('.').next() == Some(field);
            assert!(PARAMETERS.iter().any(known), "{field}");
        }
    }

    #[test]
    fn a_parameter_has_a_form() {
        for (name, spelling) in PARAMETERS {
            let good = match spelling {
                Spelling::Number => "-5",
                Spelling::Member => "2026-11-22T09:50:00+08:00",
                Spelling::Item if name == "kind" => "REFUND",
                Spelling::Item | Spelling::Field | Spelling::Cut => "1",
            };
            assert!(fits(name, spelling, good), "{name}");
        }
        for (name, spelling, text) in [
            ("kind", Spelling::Item, "refund"),
            ("createdAt.from", Spelling::Member, "yesterday"),
            ("createdAt.to", Spelling::Member, ""),
            ("quantityTrade.min", Spelling::Number, "1.5"),
            ("quantityTrade.max", Spelling::Number, "2147483648"),
        ] {
            assert!(!fits(name, spelling, text), "{name}={text}");
        }
    }
}
