//! What a document may have, and what is said of one that has more.
//!
//! Every figure is counted before the library sees the document: the text before it is parsed, the
//! rest by [`guard`](super::guard), [`values`](super::values) and
//! [`complexity`](super::complexity).

use super::codes;

/// What a document may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DocumentLimits {
    /// Bytes of its text. What `GraphiQL` asks of the schema has 2,000.
    pub document_bytes_max: usize,
    /// Levels, a spread being one. The deepest question that makes sense, a SKU's flows with their
    /// refunds, has seven; the one that `GraphiQL` asks of the schema itself has eighteen.
    pub depth_max: u64,
    /// Fields, arguments and spreads, its fragments spread out. What `GraphiQL` asks of the schema
    /// is some 200.
    pub selections_max: u64,
    /// Fragments. The library compares each with each.
    pub fragments_max: u64,
    /// Variables that its operations declare, as many as a cart has lines. The library looks for
    /// each use of one among all of them, so that a megabyte of variables is minutes of work.
    pub variables_max: u64,
    /// Aliases of its operations, fragments spread out.
    pub aliases_max: u64,
    /// Fields of one operation at its root, fragments spread out: each is a question, or a change,
    /// of its own.
    pub root_fields_max: u64,
    /// Directives, fragments spread out.
    pub directives_max: u64,
    /// Values that its answer may have, by the lengths of the pages that it asks for, and those that
    /// its arguments have each time that they are read; and what executing it may cost, for what
    /// cannot be known before.
    pub complexity_max: u64,
}

impl Default for DocumentLimits {
    fn default() -> Self {
        Self {
            document_bytes_max: 65_536,
            depth_max: 25,
            selections_max: 5_000,
            fragments_max: 200,
            variables_max: 250,
            aliases_max: 100,
            root_fields_max: 50,
            directives_max: 50,
            complexity_max: 250_000,
        }
    }
}

/// What is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Limited {
    /// [`DocumentLimits::document_bytes_max`].
    Bytes,
    /// Brackets within brackets, that the parser goes down by recursion.
    Brackets,
    /// [`DocumentLimits::depth_max`].
    Depth,
    /// [`DocumentLimits::selections_max`].
    Selections,
    /// [`DocumentLimits::fragments_max`].
    Fragments,
    /// [`DocumentLimits::variables_max`].
    Variables,
    /// [`DocumentLimits::aliases_max`].
    Aliases,
    /// [`DocumentLimits::root_fields_max`].
    RootFields,
    /// [`DocumentLimits::directives_max`].
    Directives,
    /// [`DocumentLimits::complexity_max`].
    Complexity,
    /// Values of one list, or fields of one object, in variables and literals.
    Values,
    /// Bytes of a subscription's document and of its variables.
    SubscriptionBytes,
}

impl Limited {
    /// What there is too much of.
    const fn what(self) -> &'static str {
        match self {
            Self::Bytes => "bytes",
            Self::Brackets => "brackets within brackets",
            Self::Depth => "levels",
            Self::Selections => "fields, arguments and spreads, its fragments spread out",
            Self::Fragments => "fragments",
            Self::Variables => "variables",
            Self::Aliases => "aliases, its fragments spread out",
            Self::RootFields => "fields at its root, its fragments spread out",
            Self::Directives => "directives, its fragments spread out",
            Self::Complexity => "values in its answer",
            Self::Values => "values in one list",
            Self::SubscriptionBytes => "bytes, the variables of the subscription among them",
        }
    }
}

/// Why a document is not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Excess {
    /// What it has too much of.
    pub(super) of: Limited,
    /// As much of it as it may have.
    pub(super) limit: u64,
    /// As much as it has; `None` if that was not counted to its end.
    pub(super) actual: Option<u64>,
}

impl Excess {
    /// Refuses `actual` of something if it is more than `limit`.
    ///
    /// # Errors
    ///
    /// [`Excess`] with both figures when it is more.
    pub(super) fn check(of: Limited, actual: u64, limit: u64) -> Result<(), Self> {
        if actual > limit { Err(Self { of, limit, actual: Some(actual) }) } else { Ok(()) }
    }

    /// Its code.
    pub(super) const fn code(self) -> &'static str {
        match self.of {
            Limited::Bytes | Limited::SubscriptionBytes => codes::QUERY_TOO_LONG,
            Limited::Brackets | Limited::Depth => codes::QUERY_TOO_DEEP,
            Limited::Selections
            | Limited::Fragments
            | Limited::Variables
            | Limited::Aliases
            | Limited::RootFields
            | Limited::Directives
            | Limited::Complexity
            | Limited::Values => codes::QUERY_TOO_COMPLEX,
        }
    }
}

impl std::fmt::Display for Excess {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (what, limit) = (self.of.what(), self.limit);
        match (self.of, self.actual) {
            (Limited::Complexity, Some(actual)) => write!(
                formatter,
                "the answer could have {actual} values, those of the arguments among them, and may \
                 have {limit}; ask for shorter pages, fewer nested ones, fewer fields, or by shorter \
                 lists"
            ),
            (Limited::Values, Some(actual)) => {
                write!(formatter, "a list that is given has {actual} values, and may have {limit}")
            }
            (_, Some(actual)) => {
                write!(formatter, "the document has {actual} {what}, and may have {limit}")
            }
            (_, None) => write!(formatter, "the document has more than {limit} {what}"),
        }
    }
}
