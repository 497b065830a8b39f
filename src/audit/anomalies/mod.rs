//! Looks for what is unusual in a span of the history, page by page.
//!
//! A page walks some entries in the order of their ids ([`walk`]), looks up for all of them at once
//! what was before them ([`look_up`]), each by an index and up to a bound, and has the rules of the
//! domain judge one entry after the other. So a page costs no more however long the history is, and
//! may well find nothing; its cursor tells where the next one goes on. What an entry completes depends
//! on that entry and on what was before it, and not on where a page begins: every anomaly is found
//! once, whatever the pages.
//!
//! On a server the entry of a transaction that is still under way may have a smaller id than others
//! that are seen already. Who has looked that far and goes on does not meet it.

mod branch;
mod look_up;
mod pace;
mod span;
mod statements;
mod walk;

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::Audit;
use super::entries::Read;
use crate::db::{Fault, Wanted};
use crate::domain::anomaly::{ACTOR_ENTRIES_MAX, Activity, Predecessor, Surroundings};
use crate::domain::filter::FlowFilter;
use crate::domain::{
    Anomaly, AnomalyCursor, AnomalyFilter, AnomalyRule, AnomalyRules, Flow, FlowId, FlowKind,
    MerchantId, PageRequest, ReadAfter, SkuId,
};
use crate::store::{Asked, Found, Loaded, matches_nothing};
use walk::{Step, Walk};

pub use pace::AnomalyBounds;

/// A page of a search for anomalies.
#[derive(Clone, Debug, PartialEq)]
pub struct AnomalyPage {
    /// What was found, in the order of the entries that complete it, and of the rules.
    pub anomalies: Vec<Anomaly>,
    /// Whether the search began behind a cursor.
    pub has_previous: bool,
    /// Whether there is more to be looked at.
    pub has_next: bool,
    /// Where the search goes on; `None` if there was nothing to look at.
    pub end: Option<AnomalyCursor>,
    /// Entries that were looked at.
    pub entries_examined: u64,
    /// When the last of them was written.
    pub examined_to: Option<DateTime<Utc>>,
    /// By which rules.
    pub rules: Vec<AnomalyRule>,
}

/// What was looked up for the entries of a step.
#[derive(Default)]
struct LookedUp {
    order_lines: HashMap<FlowId, Vec<Flow>>,
    predecessors: HashMap<(SkuId, i64), Predecessor>,
}

/// A page in the making.
struct Search<'a> {
    filter: &'a AnomalyFilter,
    rules: AnomalyRules,
    merchant_id: Option<MerchantId>,
    after: Option<AnomalyCursor>,
    anomalies_max: usize,
    bounds: AnomalyBounds,
    /// What is known of each actor who was met.
    actors: HashMap<String, Vec<Activity>>,
    page: AnomalyPage,
}

/// Steps of a page. Of many SKUs or actors of which some did much more than the others a step brings a
/// few entries only; the page ends there, and the next goes on.
const STEPS_MAX: u32 = 16;

impl Audit {
    /// A page of anomalies. It looks at a bounded number of entries, and may find fewer than were
    /// asked for, or none, though there are more behind.
    ///
    /// # Errors
    ///
    /// [`StoreError`](crate::store::StoreError) when the database fails, or too many are at such work.
    pub async fn list_anomalies(
        &self,
        filter: &AnomalyFilter,
        page: &PageRequest<AnomalyCursor>,
        asked: &Asked,
    ) -> Loaded<Found<AnomalyPage>> {
        let flows = FlowFilter {
            merchant_id: filter.merchant_id,
            sku_ids: filter.sku_ids.clone(),
            actors: filter.actors.clone(),
            ..FlowFilter::default()
        };
        let Found { value: seen, mut origin } = self.store().seen_flows(&flows, asked).await?;
        let visibility = asked.visibility.narrowed(filter.merchant_id);
        let mut search = Search::new(filter, &self.anomaly_rules, page, self.anomaly_bounds);
        search.merchant_id = visibility.and_then(crate::domain::Visibility::only);
        let Some(seen) = seen.filter(|seen| !matches_nothing(seen) && search.can_find()) else {
            return Ok(Found { value: search.page, origin });
        };
        let _turn = self.turn().await?;
        let wanted = asked.wanted();
        let behind = match page.after {
            Some(after) => after.behind(),
            None => span::behind(self.database(), filter.from, wanted).await?,
        };
        let until = span::until(self.database(), filter.to, wanted).await?;
        let step_entries = self.anomaly_bounds.step_entries.max(1);
        let mut walk = Walk::new(&seen, &search.rules, (behind, until), step_entries);
        let mut reached = asked.read_after.clone();
        for _step in 0..STEPS_MAX {
            let from_there = Wanted { reached: &reached, ..wanted };
            let mut step = walk.step(self.database(), from_there).await?;
            origin = step.origin.map_or(origin, |of_step| origin.or_older(of_step));
            if let Some(last) = step.entries.iter().rev().find_map(|read| read.as_ref().ok()) {
                // What is looked up must be from a source that has the entries themselves.
                reached = ReadAfter::of_version(last.sku_id, last.sequence);
            }
            let wanted = Wanted { reached: &reached, ..wanted };
            self.meet_actors(&mut search, &mut step, wanted).await?;
            let looked_up = self.look_up_before(&search, &step.entries, wanted).await?;
            if search.judge(&step, &looked_up) {
                break;
            }
        }
        Ok(Found { value: search.page, origin })
    }

    /// Looks up what the actors did before that are met for the first time. If those are too many,
    /// the step ends ahead of the first one too many.
    async fn meet_actors(
        &self,
        search: &mut Search<'_>,
        step: &mut Step,
        wanted: Wanted<'_>,
    ) -> Result<(), Fault> {
        if !search.rules.concern_actors() {
            return Ok(());
        }
        let mut met: HashMap<&str, FlowId> = HashMap::new();
        let mut whole = step.entries.len();
        for (place, flow) in readable(&step.entries) {
            let known = search.actors.contains_key(&flow.actor)
                || met.contains_key(flow.actor.as_str())
                || search.rules.passes_over(&flow.actor);
            if known {
                continue;
            }
            if search.actors.len().saturating_add(met.len()) >= search.bounds.actors_max.max(1) {
                whole = place;
                break;
            }
            met.insert(&flow.actor, flow.id);
        }
        let mut met: Vec<(String, FlowId)> =
            met.into_iter().map(|(actor, first)| (actor.to_owned(), first)).collect();
        met.sort_unstable();
        if whole < step.entries.len() {
            step.entries.truncate(whole);
            step.is_last = false;
            search.bounds.page_entries = 0;
        }
        let merchant_id = search.merchant_id;
        let known = look_up::activities(self.database(), &met, merchant_id, wanted).await?;
        search.actors.extend(known);
        Ok(())
    }

    /// Looks up what the other rules have to know of the entries of a step.
    async fn look_up_before(
        &self,
        search: &Search<'_>,
        entries: &[Read],
        wanted: Wanted<'_>,
    ) -> Result<LookedUp, Fault> {
        let mut looked_up = LookedUp::default();
        let taken = || {
            let taken = readable(entries).map(|(_place, flow)| flow);
            taken.filter(|flow| search.filter.takes(flow))
        };
        if search.rules.duplicate_order_detail.is_some() {
            let deductions: Vec<&Flow> = taken()
                .filter(|flow| flow.kind == FlowKind::Deduction && flow.order_detail_id.is_some())
                .collect();
            looked_up.order_lines =
                look_up::order_lines(self.database(), &deductions, wanted).await?;
        }
        if search.rules.clock_backwards.is_some() {
            let of_step: HashMap<(SkuId, i64), Predecessor> = readable(entries)
                .map(|(_place, flow)| {
                    let own = Predecessor { id: flow.id, created_at: flow.created_at };
                    ((flow.sku_id, flow.sequence), own)
                })
                .collect();
            let missing: Vec<(SkuId, i64)> = taken()
                .map(place_before)
                .filter(|place| place.1 > 0 && !of_step.contains_key(place))
                .collect();
            let found = look_up::predecessors(self.database(), &missing, wanted).await?;
            looked_up.predecessors = of_step;
            looked_up.predecessors.extend(found);
        }
        Ok(looked_up)
    }
}

impl<'a> Search<'a> {
    fn new(
        filter: &'a AnomalyFilter,
        rules: &AnomalyRules,
        page: &PageRequest<AnomalyCursor>,
        bounds: AnomalyBounds,
    ) -> Self {
        let rules = filter.wanted(rules);
        let nothing = AnomalyPage {
            anomalies: Vec::new(),
            has_previous: page.after.is_some(),
            has_next: false,
            end: page.after,
            entries_examined: 0,
            examined_to: None,
            rules: rules.on().collect(),
        };
        Self {
            filter,
            rules,
            merchant_id: None,
            after: page.after,
            anomalies_max: usize::try_from(page.limit).unwrap_or(usize::MAX),
            bounds,
            actors: HashMap::new(),
            page: nothing,
        }
    }

    /// Whether anything can be found at all.
    fn can_find(&self) -> bool {
        let is_span = self.filter.to.is_none_or(|to| self.filter.from < to);
        is_span && !self.page.rules.is_empty()
    }

    /// Judges the entries of a step. Tells whether the page ends with it.
    fn judge(&mut self, step: &Step, looked_up: &LookedUp) -> bool {
        for read in &step.entries {
            let end = AnomalyCursor { flow_id: walk::id(read), rule: None };
            if let Ok(flow) = read {
                for anomaly in self.of_entry(flow, looked_up) {
                    if self.page.anomalies.len() >= self.anomalies_max {
                        self.page.has_next = true;
                        return true;
                    }
                    self.page.end =
                        Some(AnomalyCursor { flow_id: flow.id, rule: Some(anomaly.rule) });
                    self.page.anomalies.push(anomaly);
                }
                self.page.examined_to = Some(flow.created_at);
            }
            self.page.end = Some(end);
            self.page.entries_examined = self.page.entries_examined.saturating_add(1);
        }
        self.page.has_next = !step.is_last;
        step.is_last || self.page.entries_examined >= self.bounds.page_entries
    }

    /// What an entry completes that is wanted, and was not told before. Its actor is known to have
    /// made it from then on.
    fn of_entry(&mut self, flow: &Flow, looked_up: &LookedUp) -> Vec<Anomaly> {
        let activities = self.actors.get(&flow.actor).map(Vec::as_slice).unwrap_or_default();
        let known = activities.len().saturating_sub(ACTOR_ENTRIES_MAX);
        let before = Surroundings {
            order_line: looked_up.order_lines.get(&flow.id).map(Vec::as_slice).unwrap_or_default(),
            activities: activities.get(known..).unwrap_or_default(),
            predecessor: looked_up.predecessors.get(&place_before(flow)).copied(),
        };
        let mut found =
            if self.filter.takes(flow) { self.rules.judge(flow, before) } else { Vec::new() };
        found.retain(|one| self.after.is_none_or(|after| !after.has_told(flow.id, one.rule)));
        if let Some(activities) = self.actors.get_mut(&flow.actor) {
            activities.push(Activity::from(flow));
        }
        found
    }
}

/// The place of the SKU's entry before one.
fn place_before(flow: &Flow) -> (SkuId, i64) {
    (flow.sku_id, flow.sequence.saturating_sub(1))
}

/// The entries that can be read, with their places.
fn readable(entries: &[Read]) -> impl Iterator<Item = (usize, &Flow)> {
    let places = entries.iter().enumerate();
    places.filter_map(|(place, read)| read.as_ref().ok().map(|flow| (place, flow)))
}
