//! What clients do with the stock of one SKU: ask for it in several ways, and change it by one.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Answer, Api, TestServer};

/// What a client asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// The amount, as a client does who says nothing of consistency.
    Plain,
    /// The amount, of this consistency.
    Stock(&'static str),
    /// The newest entry of the history.
    History,
}

/// What an answer shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// CACHE, REPLICA or PRIMARY.
    pub source: String,
    pub age: Duration,
    /// 0 for a SKU that is not on the books.
    pub version: i64,
    pub amount: i64,
    /// What the next read may send; history has none, nor what is not there.
    pub token: Option<String>,
}

impl Seen {
    /// What the answer to a question shows; `None` if it is an error.
    pub fn of(answer: &Answer, question: Question) -> Option<Self> {
        if answer.0.get("errors").is_some() {
            return None;
        }
        let (node, version, amount) = match question {
            Question::Plain | Question::Stock(_) => ("/data/inventory", "version", "leavedAmount"),
            Question::History => ("/data/inventoryFlows/nodes/0", "sequence", "quantityAfter"),
        };
        let node = answer.at(node);
        // What is not there has no version.
        let of = |name: &str| if node.is_null() { 0 } else { number(&node[name]) };
        Some(Self {
            source: answer.at("/extensions/read/source").as_str().expect("a source").to_owned(),
            age: answer.age(),
            version: of(version),
            amount: of(amount),
            token: node["readToken"].as_str().map(str::to_owned),
        })
    }
}

impl Api {
    /// Asks a question about a SKU, of what is at least as new as a token, if there is one.
    pub async fn ask(
        &self,
        question: Question,
        sku_id: i64,
        token: Option<&str>,
    ) -> reqwest::Result<Answer> {
        let stock = |arguments: &str| {
            format!(
                "query($id: ID!) {{ inventory(skuId: $id{arguments}) \
                 {{ leavedAmount version readToken }} }}"
            )
        };
        let query = match question {
            Question::Plain => stock(""),
            Question::Stock(consistency) => stock(&format!(", consistency: {consistency}")),
            Question::History => "query($id: ID!) { inventoryFlows(where: { skuId: [$id] }, \
                                  first: 1) { nodes { quantityAfter sequence } } }"
                .to_owned(),
        };
        Ok(self.post_after(token, &query, json!({ "id": sku_id.to_string() })).await?.1)
    }

    /// What a client is told of a SKU who says nothing of consistency.
    pub async fn see(&self, sku_id: i64) -> Seen {
        self.see_after(None, sku_id).await
    }

    /// The same, of a client with a token.
    pub async fn see_after(&self, token: Option<&str>, sku_id: i64) -> Seen {
        let answer = self.ask(Question::Plain, sku_id, token).await.expect("an answer");
        Seen::of(&answer, Question::Plain).unwrap_or_else(|| panic!("{}", answer.0))
    }

    /// Adds a unit of a SKU, or takes one; the answer is that of [`ONE`].
    pub async fn change_by_one(&self, key: &str, sku_id: i64, up: bool) -> reqwest::Result<Answer> {
        let mut input = TestServer::deduction(key, sku_id, 1);
        let (mutation, kind) = if up {
            input.as_object_mut().unwrap().remove("orderDetailId");
            ("inventoryReplenish", "InventoryReplenishInput")
        } else {
            ("inventoryDeduct", "InventoryDeductInput")
        };
        let query = format!(
            "mutation($input: {kind}!) {{ {ONE}: {mutation}(input: $input) \
             {{ readToken inventory {{ leavedAmount version }} userErrors {{ code }} }} }}"
        );
        self.try_graphql(&query, json!({ "input": input })).await
    }

    /// Adds a unit of a SKU; answers the version that this made, and its token.
    pub async fn add_one(&self, key: &str, sku_id: i64) -> (i64, String) {
        let answer = self.change_by_one(key, sku_id, true).await.expect("an answer");
        let payload = answer.field();
        let token = payload["readToken"].as_str().unwrap_or_else(|| panic!("{payload}"));
        (number(&payload["inventory"]["version"]), token.to_owned())
    }
}

/// The field of a change by one, whichever it is.
pub const ONE: &str = "changed";

/// A number, which may be written as a text.
pub fn number(value: &Value) -> i64 {
    let number = value.as_i64().or_else(|| value.as_str()?.parse().ok());
    number.unwrap_or_else(|| panic!("no number: {value}"))
}
