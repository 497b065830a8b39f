//! Exports: the entries of the history that a filter lets through, as bytes, up to a cut.
//!
//! The entries come in the order of their ids, and end with a [`Manifest`]. Since no entry ever
//! changes and none appears before a [`cut`], the same filter and cut have the same bytes for ever.
//! What ends without a manifest was cut off.
//!
//! An export is a sequence of pages ([`Export::next`]). Nothing is read unless the next page is asked
//! for, but for one page ahead, which is read while the last one is written down and sent; so memory
//! does not grow, and whoever does not take pages holds up the reading. When an export is dropped,
//! what it reads is given up.
//!
//! # How pages are read
//!
//! A statement looks at a span of ids, and takes the first entries in it that fit. The span grows
//! where few fit and is bounded, so that no statement takes long, whatever the filter is and
//! whichever index the planner likes. Where few entries lie within a span of time, their ids are
//! looked up first.
//!
//! # From where
//!
//! The cut is the primary's ([`cut`]), and so are the SKUs that a caller sees. Pages may come from a
//! replica, and one that lags would show fewer rows without a word. A read tells since when its
//! source may have been outdated: what had everything that was committed before the cut was known
//! has all there ever will be up to the cut. A page of any other is not taken; the primary is asked
//! in its place, and for some pages after it.

mod check;
mod csv;
mod cut;
mod format;
mod jsonl;
mod manifest;
mod page;

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

pub use check::{Broken, check};
pub use format::{Format, kind_name};
pub use manifest::{Manifest, ManifestFilter};

use super::{Audit, Turn, Unreadable};
use crate::db::{Fault, ReadFrom, Wanted};
use crate::domain::filter::{Consistency, FlowFilter};
use crate::domain::{FaultKind, FlowId, ReadAfter, Visibility};
use crate::store::{Asked, StoreError, matches_nothing};
use manifest::Account;
use page::{Page, Pages, Position};

/// What is to be exported.
#[derive(Clone, Debug)]
pub struct ExportRequest {
    /// Which entries.
    pub filter: FlowFilter,
    /// Whose books are seen.
    pub visibility: Visibility,
    /// The cut; the newest settled entry if `None`.
    pub last_flow_id: Option<FlowId>,
    /// In which form.
    pub format: Format,
    /// How long the database may take for one page.
    pub page_time_max: Duration,
}

/// Why an export does not begin, or ends without its manifest.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// Below the cut that is asked for there may still appear something.
    #[error("entry {asked} {}", not_settled(*settled))]
    NotSettled {
        /// What is asked for.
        asked: FlowId,
        /// The newest that is settled; `None` if there is none.
        settled: Option<FlowId>,
    },
    /// The books could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An entry makes no sense.
    #[error("entry {} cannot be exported: {}", .0.id, .0.why)]
    Unreadable(Unreadable),
    /// A page took longer than it may.
    #[error("the database took longer than {} ms for a page", .0.as_millis())]
    TooLong(Duration),
}

impl ExportError {
    /// How a caller should take it.
    pub fn kind(&self) -> FaultKind {
        match self {
            Self::NotSettled { .. } => FaultKind::Busy,
            Self::Store(error) => error.kind(),
            Self::Unreadable(_) => FaultKind::Internal,
            Self::TooLong(_) => FaultKind::Unavailable,
        }
    }
}

/// What is wrong with a cut behind the newest settled entry.
pub fn not_settled(settled: Option<FlowId>) -> String {
    match settled {
        Some(settled) => {
            format!("is not settled yet; ask for {settled} at most, or again in two minutes")
        }
        None => "is not settled yet; ask again in two minutes".to_owned(),
    }
}

impl From<Fault> for ExportError {
    fn from(fault: Fault) -> Self {
        Self::Store(fault.into())
    }
}

/// What the primary is asked for that has to be so.
fn primary() -> Wanted<'static> {
    static NOTHING: std::sync::LazyLock<ReadAfter> = std::sync::LazyLock::new(ReadAfter::default);
    Wanted { from: ReadFrom::Primary, reached: &NOTHING, visibility: Visibility::All, few: true }
}

/// How far an export has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Nothing is written yet.
    Head,
    /// Entries are being written.
    Entries,
    /// All is written, or something failed.
    End,
}

/// An export under way. It has one of the few turns at long work until it is dropped.
#[derive(Debug)]
pub struct Export {
    format: Format,
    /// `None` if nothing can match.
    pages: Option<Arc<Pages>>,
    cut: Option<FlowId>,
    account: Account,
    stage: Stage,
    /// The page that is being read; what it does ends with this.
    ahead: JoinSet<Result<Page, ExportError>>,
    _turn: Turn,
}

impl Audit {
    /// Begins an export: settles where it ends, and what of the books is seen.
    ///
    /// # Errors
    ///
    /// [`ExportError`] when too many are under way, the cut is not settled, or the database fails.
    pub async fn export(&self, request: ExportRequest) -> Result<Export, ExportError> {
        let turn = self.export_turn().await?;
        let settled = cut::settled(self.database()).await?;
        let known_at = Instant::now();
        let cut = match request.last_flow_id {
            Some(asked) if settled.is_none_or(|settled| asked > settled) => {
                return Err(ExportError::NotSettled { asked, settled });
            }
            asked => asked.or(settled),
        };
        let ExportRequest { filter, visibility, format, page_time_max, .. } = request;
        let asked = Asked { visibility, ..Asked::of(Consistency::Primary) };
        let seen = self.store().seen_flows(&filter, &asked).await?.value;
        let seen = seen.filter(|filter| !matches_nothing(filter)).zip(cut);
        let pages = seen.map(|(filter, cut)| {
            Arc::new(Pages::new(self.database().clone(), filter, cut, known_at, page_time_max))
        });
        let account = Account::new(&filter, visibility.only(), cut);
        let (stage, ahead) = (Stage::Head, JoinSet::new());
        Ok(Export { format, pages, cut, account, stage, ahead, _turn: turn })
    }
}

impl Export {
    /// Where it ends; `None` if no entry is settled.
    pub fn cut(&self) -> Option<FlowId> {
        self.cut
    }

    /// Entries that are written so far.
    pub fn rows(&self) -> u64 {
        self.account.rows()
    }

    /// Whether all of it is written, with its manifest, or something failed.
    pub fn is_at_end(&self) -> bool {
        self.stage == Stage::End
    }

    /// The next bytes; `None` behind the manifest, and behind an error.
    ///
    /// # Errors
    ///
    /// [`ExportError`] when the database fails or takes too long, or has an entry that makes no
    /// sense.
    pub async fn next(&mut self) -> Option<Result<Vec<u8>, ExportError>> {
        let bytes = match self.stage {
            Stage::Head => self.head(),
            Stage::Entries => match self.entries().await {
                Ok(bytes) => bytes,
                Err(error) => {
                    self.stage = Stage::End;
                    return Some(Err(error));
                }
            },
            Stage::End => return None,
        };
        Some(Ok(bytes))
    }

    fn head(&mut self) -> Vec<u8> {
        self.stage = Stage::Entries;
        self.read_ahead(Some(Position::FIRST));
        let mut bytes = Vec::new();
        self.format.head(&mut bytes);
        self.account.wrote(&bytes);
        bytes
    }

    /// Has the page at a position read, if there is one.
    fn read_ahead(&mut self, position: Option<Position>) {
        if let Some((pages, position)) = self.pages.clone().zip(position) {
            self.ahead.spawn(async move { pages.read(position).await });
        }
    }

    /// Those of the next page; the manifest behind the last one.
    async fn entries(&mut self) -> Result<Vec<u8>, ExportError> {
        while let Some(read) = self.ahead.join_next().await {
            // A task that panicked has told why.
            let page = read.unwrap_or_else(|_panic| Err(Fault::lost().into()))?;
            self.read_ahead(page.next);
            if page.entries.is_empty() {
                continue;
            }
            let mut bytes = Vec::with_capacity(page.entries.len().saturating_mul(512));
            for entry in page.entries {
                let flow = entry.map_err(ExportError::Unreadable)?;
                self.account.entry(&flow);
                self.format.entry(&flow, &mut bytes);
            }
            self.account.wrote(&bytes);
            return Ok(bytes);
        }
        self.stage = Stage::End;
        let mut bytes = Vec::new();
        // What cannot be written has no manifest, and so is not taken for whole.
        let json = self.account.json().map_err(Fault::corrupt)?;
        self.format.manifest(&json, &mut bytes);
        Ok(bytes)
    }
}
