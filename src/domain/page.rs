//! Pages of a long list, by keyset: a page starts at a node, never at a count of nodes, so that
//! new entries can neither repeat one nor hide one.

use super::limits::{PAGE_NODES_DEFAULT, PAGE_NODES_MAX};

/// From which end of the window the nodes are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PageEnd {
    /// The first nodes of the window.
    First,
    /// The last nodes of the window; they are answered in the order of the list all the same.
    Last,
}

/// Which nodes of a list are wanted. `after` and `before` bound a window, both exclusive.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PageRequest<C> {
    /// The end of the window at which to begin.
    pub end: PageEnd,
    /// How many nodes at the most; 0 to [`PAGE_NODES_MAX`].
    pub limit: u32,
    /// Only nodes behind this one.
    pub after: Option<C>,
    /// Only nodes ahead of this one.
    pub before: Option<C>,
}

/// Why `first` and `last` do not say how many nodes are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPage {
    /// Both were given.
    #[error("give either first or last, not both")]
    FirstAndLast,
    /// One is out of bounds.
    #[error("must be from 0 to {PAGE_NODES_MAX}, is {0}")]
    OutOfBounds(i32),
}

impl<C> PageRequest<C> {
    /// Reads the four arguments of a connection; [`PAGE_NODES_DEFAULT`] nodes if none says how many.
    ///
    /// # Errors
    ///
    /// [`InvalidPage`] when `first` and `last` are both given or out of bounds.
    pub fn new(
        first: Option<i32>,
        after: Option<C>,
        last: Option<i32>,
        before: Option<C>,
    ) -> Result<Self, InvalidPage> {
        let (end, nodes) = match (first, last) {
            (Some(_), Some(_)) => return Err(InvalidPage::FirstAndLast),
            (None, Some(last)) => (PageEnd::Last, Some(last)),
            (first, None) => (PageEnd::First, first),
        };
        let limit = match nodes {
            None => PAGE_NODES_DEFAULT,
            Some(nodes) => u32::try_from(nodes)
                .ok()
                .filter(|nodes| *nodes <= PAGE_NODES_MAX)
                .ok_or(InvalidPage::OutOfBounds(nodes))?,
        };
        Ok(Self { end, limit, after, before })
    }
}

/// Some consecutive nodes of a list, in its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The nodes.
    pub nodes: Vec<T>,
    /// Whether there are nodes ahead of them.
    pub has_previous: bool,
    /// Whether there are nodes behind them.
    pub has_next: bool,
}

impl<T> Page<T> {
    /// Makes a page of what a reader fetched from the wanted end: up to one node more than
    /// `request.limit`, which only tells that there are more.
    pub fn from_fetched<C>(mut fetched: Vec<T>, request: &PageRequest<C>) -> Self {
        let limit = usize::try_from(request.limit).unwrap_or(usize::MAX);
        let more = fetched.len() > limit;
        fetched.truncate(limit);
        match request.end {
            PageEnd::First => Self {
                nodes: fetched,
                has_previous: request.after.is_some(),
                has_next: more || request.before.is_some(),
            },
            PageEnd::Last => {
                fetched.reverse();
                Self {
                    nodes: fetched,
                    has_previous: more || request.after.is_some(),
                    has_next: request.before.is_some(),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(first: Option<i32>, last: Option<i32>) -> Result<PageRequest<()>, InvalidPage> {
        PageRequest::new(first, None, last, None)
    }

    #[test]
    fn a_page_is_50_nodes_unless_told_and_200_at_most() {
        assert_eq!(request(None, None).unwrap().limit, 50);
        assert_eq!(request(Some(200), None).unwrap().limit, 200);
        assert_eq!(request(Some(201), None), Err(InvalidPage::OutOfBounds(201)));
        assert_eq!(request(Some(-1), None), Err(InvalidPage::OutOfBounds(-1)));
        assert_eq!(request(None, Some(7)).unwrap().end, PageEnd::Last);
        assert_eq!(request(Some(1), Some(1)), Err(InvalidPage::FirstAndLast));
    }

    #[test]
    fn the_extra_node_tells_that_there_are_more_and_is_not_shown() {
        let page = Page::from_fetched(vec![1, 2, 3], &request(Some(2), None).unwrap());
        assert_eq!(page, Page { nodes: vec![1, 2], has_previous: false, has_next: true });
        let page = Page::from_fetched(vec![9, 8, 7], &request(None, Some(2)).unwrap());
        assert_eq!(page, Page { nodes: vec![8, 9], has_previous: true, has_next: false });
    }
}
