//! What one caller submits, and is answered.

use std::slice;

use super::LedgerError;
use crate::domain::{Command, Outcome, SkuId};

/// What is carried out together or not at all.
#[derive(Debug)]
pub(super) enum Submission {
    /// A command by itself.
    One(Command),
    /// Several, each under a key of its own. If one of them is refused, none is carried out, but for
    /// those that had been before.
    Bundle(Vec<Command>),
}

impl Submission {
    /// The commands, in their order.
    pub(super) fn commands(&self) -> &[Command] {
        match self {
            Self::One(command) => slice::from_ref(command),
            Self::Bundle(commands) => commands,
        }
    }

    /// The SKUs that it names, one for each line.
    pub(super) fn sku_ids(&self) -> impl Iterator<Item = SkuId> + '_ {
        self.commands().iter().flat_map(|command| command.operation.sku_ids())
    }

    /// How many entries it writes when it is carried out.
    pub(super) fn line_count(&self) -> usize {
        let counts = self.commands().iter().map(|command| command.operation.line_count());
        counts.fold(0, usize::saturating_add)
    }
}

impl From<Command> for Submission {
    fn from(command: Command) -> Self {
        Self::One(command)
    }
}

/// How many commands these are.
pub(super) fn command_count(submissions: &[Submission]) -> usize {
    submissions.iter().fold(0, |sum, one| sum.saturating_add(one.commands().len()))
}

/// What became of a submission.
#[derive(Debug)]
pub(super) enum Became {
    /// Of a command by itself, which is always decided.
    One(Option<Outcome>),
    /// Of each command of a bundle; `None` of one that was withheld because another was refused.
    Bundle(Vec<Option<Outcome>>),
}

impl Became {
    /// Takes what became of a submission's commands off the front of what became of all.
    pub(super) fn next_of(
        submission: &Submission,
        outcomes: &mut impl Iterator<Item = Option<Outcome>>,
    ) -> Self {
        match submission {
            Submission::One(_) => Self::One(outcomes.next().flatten()),
            Submission::Bundle(commands) => Self::Bundle(outcomes.take(commands.len()).collect()),
        }
    }

    /// What became of a command by itself.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Lost`] when it is something else.
    pub(super) fn alone(self) -> Result<Outcome, LedgerError> {
        match self {
            Self::One(Some(outcome)) => Ok(outcome),
            Self::One(None) | Self::Bundle(_) => Err(LedgerError::Lost),
        }
    }

    /// What became of each of its commands.
    pub(super) fn outcomes(&self) -> &[Option<Outcome>] {
        match self {
            Self::One(outcome) => slice::from_ref(outcome),
            Self::Bundle(outcomes) => outcomes,
        }
    }
}
