//! Who is calling: every way to say so, and every way to lie about it.

pub mod api_keys;
mod database_away;
mod effects;
mod exposure;
pub mod issuer;
mod jwks;
pub mod jwt;
pub mod server;
mod token_command;

use serde_json::{Value, json};

use crate::support::Api;

/// A question that everybody may ask.
const QUESTION: &str = "{ __typename }";

/// The status and the code that a question is answered with; `""` if it is answered.
async fn asked(api: &Api) -> (u16, String) {
    let (status, answer) = api.post_after(None, QUESTION, json!({})).await.unwrap();
    (status, crate::support::code(&answer).to_owned())
}

/// The same, as whoever shows this token.
async fn shown(api: &Api, token: &str) -> (u16, String) {
    asked(&api.with_token(token)).await
}

/// What the answer to a good token is.
fn let_in() -> (u16, String) {
    (200, String::new())
}

/// What the answer to a bad one is.
fn refused() -> (u16, String) {
    (401, "UNAUTHENTICATED".to_owned())
}

/// What the answer is while it cannot be told whether a token is good.
fn undecided() -> (u16, String) {
    (503, "UNAVAILABLE".to_owned())
}

/// Who is on the books for the newest change of a SKU.
async fn newest_actor(api: &Api, sku_id: i64) -> String {
    let query = "query($id: [ID!]!) { inventoryFlows(where: { skuId: $id }, first: 1) \
                 { nodes { actor } } }";
    let answer = api.graphql(query, json!({ "id": [sku_id.to_string()] })).await;
    let actor: &Value = &answer.field()["nodes"][0]["actor"];
    actor.as_str().unwrap().to_owned()
}
