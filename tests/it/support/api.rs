//! The API as a client sees it.

use std::time::Duration;

use reqwest::header::{AUTHORIZATION, HeaderMap};
use serde_json::{Value, json};

use super::TestServer;

/// How long a test waits for an answer, which is longer than any that it waits for on purpose. A
/// client whose connection went away with the server was seen to wait for ever, with no socket left.
const ANSWER_MAX: Duration = Duration::from_mins(1);

/// A server as one caller asks it.
#[derive(Clone, Debug)]
pub struct Api {
    /// Where it listens, as `http://127.0.0.1:PORT`.
    pub url: String,
    pub(super) client: reqwest::Client,
}

/// The body of an answer, with ways to look into it.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer(pub Value);

impl Answer {
    /// What is at a JSON pointer, as `/data/inventory/leavedAmount`; null if nothing is.
    pub fn at(&self, pointer: &str) -> &Value {
        self.0.pointer(pointer).unwrap_or(&Value::Null)
    }

    /// The data of the one field that was asked for. Panics if there are errors.
    pub fn field(&self) -> &Value {
        assert!(self.0.get("errors").is_none(), "{}", self.0);
        let data = self.0["data"].as_object().expect("data");
        assert_eq!(data.len(), 1, "{}", self.0);
        data.values().next().unwrap()
    }

    /// How old it says that it is.
    pub fn age(&self) -> Duration {
        let ms = self.at("/extensions/read/ageMs").as_u64();
        Duration::from_millis(ms.unwrap_or_else(|| panic!("{}", self.0)))
    }
}

/// The codes of a payload's user errors, in their order.
pub fn codes(payload: &Value) -> Vec<&str> {
    let errors = payload["userErrors"].as_array().unwrap_or_else(|| panic!("{payload}"));
    errors.iter().map(|error| error["code"].as_str().unwrap()).collect()
}

/// The code of the first top-level error; empty if there is none.
pub fn code(answer: &Answer) -> &str {
    answer.at("/errors/0/extensions/code").as_str().unwrap_or_default()
}

const PAYLOAD: &str = "replayed userErrors { code message field skuId requested available }";
const STOCK: &str = "inventory { skuId leavedAmount version createdAt updatedAt }";
const FLOW: &str = "id skuId kind orderDetailId quantityTrade quantityBefore quantityAfter \
                    sequence reason actor idempotencyKey createdAt refundedQuantity \
                    refundableQuantity deduction { id }";

impl Api {
    /// A server at this URL, as whoever sends this header `Authorization` asks it.
    pub(super) fn of(url: String, authorization: Option<&str>) -> Self {
        let headers: HeaderMap = authorization
            .map(|value| (AUTHORIZATION, value.parse().unwrap()))
            .into_iter()
            .collect();
        let client = reqwest::Client::builder().timeout(ANSWER_MAX).default_headers(headers);
        Self { url, client: client.build().unwrap() }
    }

    /// The same server, as whoever shows this token asks it.
    pub fn with_token(&self, token: &str) -> Self {
        Self::of(self.url.clone(), Some(&format!("Bearer {token}")))
    }

    /// Asks a question, with variables. Panics when no JSON comes back.
    pub async fn graphql(&self, query: &str, variables: Value) -> Answer {
        self.try_graphql(query, variables).await.expect("an answer")
    }

    /// Asks a question; the server may be gone.
    pub async fn try_graphql(&self, query: &str, variables: Value) -> reqwest::Result<Answer> {
        Ok(self.post_after(None, query, variables).await?.1)
    }

    /// Asks a question that must see what a token stands for, if there is one; answers the status,
    /// too. The server may be gone.
    pub async fn post_after(
        &self,
        token: Option<&str>,
        query: &str,
        variables: Value,
    ) -> reqwest::Result<(u16, Answer)> {
        let body = json!({ "query": query, "variables": variables });
        let mut request = self.client.post(format!("{}/graphql", self.url)).json(&body);
        if let Some(token) = token {
            request = request.header("stockflow-read-after", token);
        }
        let response = request.send().await?;
        Ok((response.status().as_u16(), Answer(response.json().await?)))
    }

    /// Asks for what is at a path, with its query. The body is not read yet.
    pub async fn get(&self, path: &str) -> reqwest::Response {
        self.client.get(format!("{}{path}", self.url)).send().await.expect("an answer")
    }

    /// Asks for the head of what is at a path.
    pub async fn head(&self, path: &str) -> reqwest::Response {
        self.client.head(format!("{}{path}", self.url)).send().await.expect("an answer")
    }

    /// Carries a mutation out with one input, and answers its payload.
    pub async fn mutate(&self, mutation: &str, input: Value) -> Value {
        self.try_mutate(mutation, input).await.expect("an answer").field().clone()
    }

    /// Carries a mutation out; the server may be gone, or answer an error.
    pub async fn try_mutate(&self, mutation: &str, input: Value) -> reqwest::Result<Answer> {
        let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
        let selection = if mutation.ends_with("Batch") {
            format!("flows {{ {FLOW} }} {PAYLOAD}")
        } else {
            format!("{STOCK} flow {{ {FLOW} }} {PAYLOAD}")
        };
        let query =
            format!("mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {selection} }} }}");
        self.try_graphql(&query, json!({ "input": input })).await
    }

    /// Puts a SKU of merchant 1 on the books.
    pub async fn create(&self, sku_id: i64, quantity: i32) {
        let input = json!({
            "skuId": sku_id.to_string(),
            "merchantId": "1",
            "quantity": quantity,
            "idempotencyKey": format!("create {sku_id}"),
        });
        assert_eq!(codes(&self.mutate("inventoryCreate", input).await), [""; 0]);
    }

    /// The units left of a SKU, from the primary.
    pub async fn left(&self, sku_id: i64) -> i64 {
        let query =
            "query($id: ID!) { inventory(skuId: $id, consistency: PRIMARY) { leavedAmount } }";
        let answer = self.graphql(query, json!({ "id": sku_id.to_string() })).await;
        answer.field()["leavedAmount"].as_i64().unwrap()
    }
}

impl TestServer {
    /// The input of a deduction.
    pub fn deduction(key: &str, sku_id: i64, quantity: i32) -> Value {
        json!({
            "skuId": sku_id.to_string(),
            "orderDetailId": format!("order {key}"),
            "quantity": quantity,
            "idempotencyKey": key,
        })
    }
}
