//! Many requests of one caller that come in one: each is checked, and told about, by itself.
//!
//! Each line is a command of its own, the same as if it had come alone: by its own key it is found
//! again, and it does not matter in which of the two ways it is sent again.

use std::collections::HashMap;

use super::limits::BULK_LINES_MAX;
use super::{Argument, Command, Field, Fingerprint, Outcome, Refusal, Violation, command};

/// The lines of a bulk, checked; 1 to [`BULK_LINES_MAX`].
#[derive(Clone, Debug, Default)]
pub struct Bulk {
    commands: Vec<Command>,
    lines: Vec<Line>,
}

#[derive(Clone, Debug)]
enum Line {
    /// Wants the command of this place.
    Command(usize),
    /// Wants what an earlier line wants, under the same key: the command of this place.
    Repeat(usize),
    /// Is out of bounds.
    Refused(Vec<Refusal>),
}

/// What became of a line; `E` tells why that is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineOutcome<E> {
    /// It was carried out, then or now, or refused.
    Decided(Outcome),
    /// It could have been carried out, but another line was refused, and all were to be carried out
    /// or none. Nothing was written for it.
    Withheld,
    /// It is not known what became of it, or it was not begun.
    Failed(E),
}

impl Bulk {
    /// Whether a request may have so many lines.
    ///
    /// # Errors
    ///
    /// What is wrong with it if it may not.
    pub fn check_length(lines: usize) -> Result<(), Refusal> {
        let field = Field::of(Argument::Lines);
        command::line_count(lines, BULK_LINES_MAX).map_err(|violation| Refusal { field, violation })
    }

    /// The lines in their order, each by itself a command, or what is wrong with it. Where several
    /// have one key, those that want the same as the first are answered as that; those that want
    /// something else are refused, whatever becomes of it.
    pub fn of(lines: impl IntoIterator<Item = command::Checked>) -> Self {
        let mut bulk = Self::default();
        let mut places: HashMap<(String, String), usize> = HashMap::new();
        for checked in lines {
            let line = match checked {
                Err(refusals) => Line::Refused(refusals),
                Ok(command) => {
                    let place = bulk.commands.len();
                    let key = (command.scope.clone(), command.key.as_str().to_owned());
                    let first = *places.entry(key).or_insert(place);
                    match bulk.commands.get(first) {
                        None => {
                            bulk.commands.push(command);
                            Line::Command(place)
                        }
                        Some(same) if Fingerprint::of(same) == Fingerprint::of(&command) => {
                            Line::Repeat(first)
                        }
                        Some(_other) => Line::Refused(vec![Refusal {
                            field: Field::of(Argument::IdempotencyKey),
                            violation: Violation::IdempotencyKeyReused,
                        }]),
                    }
                }
            };
            bulk.lines.push(line);
        }
        bulk
    }

    /// Whether lines are wrong, whatever is on the books.
    pub fn has_refused(&self) -> bool {
        self.lines.iter().any(|line| matches!(line, Line::Refused(_)))
    }

    /// The commands to be carried out, in the order of their lines; no two of them have one key.
    pub fn take_commands(&mut self) -> Vec<Command> {
        std::mem::take(&mut self.commands)
    }

    /// What became of each line, by what became of the commands, in their order. Those of which
    /// nothing is told were withheld. Refusals name the line at fault.
    pub fn outcomes<E: Clone>(self, of_commands: &[LineOutcome<E>]) -> Vec<LineOutcome<E>> {
        let of = |place: usize| of_commands.get(place).cloned().unwrap_or(LineOutcome::Withheld);
        let outcomes = self.lines.into_iter().map(|line| match line {
            Line::Command(place) => of(place),
            Line::Repeat(place) => again(of(place)),
            Line::Refused(refusals) => LineOutcome::Decided(Outcome::Refused(refusals)),
        });
        outcomes.enumerate().map(|(number, outcome)| at_line(number, outcome)).collect()
    }
}

/// What becomes of the same request when it comes again.
fn again<E>(mut outcome: LineOutcome<E>) -> LineOutcome<E> {
    if let LineOutcome::Decided(Outcome::Done { replayed, .. }) = &mut outcome {
        *replayed = true;
    }
    outcome
}

/// The outcome with the line in what it refuses: a command knows of none.
fn at_line<E>(line: usize, mut outcome: LineOutcome<E>) -> LineOutcome<E> {
    if let LineOutcome::Decided(Outcome::Refused(refusals)) = &mut outcome {
        for refusal in refusals {
            refusal.field.line = Some(line);
        }
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::super::request::{DeductRequest, Envelope};
    use super::super::{SkuId, Visibility};
    use super::*;

    fn line(key: &str, sku_id: i64, quantity: i32) -> command::Checked {
        let envelope = Envelope {
            scope: "tests".to_owned(),
            actor: "tests".to_owned(),
            visibility: Visibility::All,
            idempotency_key: key.to_owned(),
            reason: None,
        };
        let (sku_id, order_detail_id) = (sku_id.to_string(), "order".to_owned());
        Command::deduct(envelope, &DeductRequest { sku_id, order_detail_id, quantity })
    }

    fn done(replayed: bool) -> LineOutcome<()> {
        LineOutcome::Decided(Outcome::Done { receipt: Vec::new(), replayed })
    }

    /// The one refusal of a line.
    fn refused(outcome: &LineOutcome<()>) -> (Field, Violation) {
        let LineOutcome::Decided(Outcome::Refused(refusals)) = outcome else {
            panic!("{outcome:?}");
        };
        assert_eq!(refusals.len(), 1);
        (refusals[0].field, refusals[0].violation.clone())
    }

    #[test]
    fn a_bulk_has_1_to_5_000_lines() {
        for (lines, violation) in [
            (0, Some(Violation::NoLines)),
            (1, None),
            (5_000, None),
            (5_001, Some(Violation::TooManyLines { lines: 5_001, lines_max: 5_000 })),
        ] {
            let refused = Bulk::check_length(lines).err().map(|refusal| refusal.violation);
            assert_eq!(refused, violation);
        }
    }

    #[test]
    fn each_line_is_told_about_by_itself_with_its_place() {
        let mut bulk =
            Bulk::of([line("a", 1, 1), line("b", 2, 0), line("c", 3, 1), line("d", 4, 1)]);
        assert!(bulk.has_refused());
        let keys: Vec<String> =
            bulk.take_commands().iter().map(|command| command.key.to_string()).collect();
        assert_eq!(keys, ["a", "c", "d"]);
        let missing = Violation::SkuNotFound { sku_id: SkuId(3) };
        let refusal = Refusal { field: Field::of(Argument::SkuId), violation: missing.clone() };
        let of_commands = [
            done(false),
            LineOutcome::Decided(Outcome::Refused(vec![refusal])),
            LineOutcome::Failed(()),
        ];
        let outcomes = bulk.outcomes(&of_commands);
        assert_eq!(outcomes[0], done(false));
        assert_eq!(refused(&outcomes[1]).0, Field::of_line(Some(1), Argument::Quantity));
        assert_eq!(refused(&outcomes[2]), (Field::of_line(Some(2), Argument::SkuId), missing));
        assert_eq!(outcomes[3], LineOutcome::Failed(()));
    }

    #[test]
    fn a_key_that_comes_twice_is_answered_as_the_first_or_refused() {
        let lines =
            [line("a", 1, 0), line("a", 1, 1), line("a", 1, 1), line("a", 1, 2), line("b", 1, 1)];
        let mut bulk = Bulk::of(lines);
        assert_eq!(bulk.take_commands().len(), 2);
        let outcomes = bulk.outcomes(&[done(false), done(true)]);
        // What is out of bounds uses no key.
        assert_eq!(refused(&outcomes[0]).0, Field::of_line(Some(0), Argument::Quantity));
        assert_eq!(outcomes[1..3], [done(false), done(true)]);
        let reused =
            (Field::of_line(Some(3), Argument::IdempotencyKey), Violation::IdempotencyKeyReused);
        assert_eq!(refused(&outcomes[3]), reused);
        assert_eq!(outcomes[4], done(true));
    }

    #[test]
    fn what_was_not_carried_out_was_withheld() {
        let bulk = Bulk::of([line("a", 1, 1), line("b", 2, 0), line("a", 1, 1)]);
        let outcomes = bulk.outcomes::<()>(&[]);
        assert_eq!(outcomes[0], LineOutcome::Withheld);
        assert_eq!(refused(&outcomes[1]).0, Field::of_line(Some(1), Argument::Quantity));
        assert_eq!(outcomes[2], LineOutcome::Withheld);
    }
}
