//! How deep a text nests its brackets, before anybody parses it.
//!
//! The parser goes down by recursion at each bracket of a value or a type, without a bound of its
//! own: some ten thousand of them end the process. Here they are counted without recursion, in one
//! walk over the bytes.

use super::limits::{Excess, Limited};

/// Brackets within brackets: more than the levels of any document that is followed, and the lists
/// and objects of an argument.
const BRACKETS_MAX: u64 = 64;

/// Refuses a text whose brackets go too deep. Those in strings and comments are none.
pub(super) fn check(text: &str) -> Result<(), Excess> {
    let mut bytes = text.as_bytes();
    let mut depth = 0_u64;
    while let Some((first, rest)) = bytes.split_first() {
        bytes = match first {
            b'#' => behind_comment(rest),
            b'"' => behind_string(rest),
            b'(' | b'[' | b'{' => {
                depth = depth.saturating_add(1);
                if depth > BRACKETS_MAX {
                    let (of, limit) = (Limited::Brackets, BRACKETS_MAX);
                    return Err(Excess { of, limit, actual: None });
                }
                rest
            }
            b')' | b']' | b'}' => {
                depth = depth.saturating_sub(1);
                rest
            }
            _ => rest,
        };
    }
    Ok(())
}

fn behind_comment(text: &[u8]) -> &[u8] {
    let end = text.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
    end.and_then(|end| text.get(end..)).unwrap_or_default()
}

/// What is behind a string whose first quotation mark was read. One without an end leaves the rest
/// as it is: it is not for this walk to say that the text is wrong.
fn behind_string(text: &[u8]) -> &[u8] {
    if let Some(block) = text.strip_prefix(b"\"\"") {
        // Without an end the parser takes the first two marks for an empty text, and begins the next
        // one at the third: whoever went on elsewhere would take for text what it takes for code.
        return behind_block(block).unwrap_or_else(|| text.get(1..).unwrap_or_default());
    }
    let mut rest = text;
    while let Some((first, behind)) = rest.split_first() {
        rest = match first {
            b'"' => return behind,
            b'\\' => behind.get(1..).unwrap_or_default(),
            b'\n' | b'\r' => return text,
            _ => behind,
        };
    }
    text
}

fn behind_block(text: &[u8]) -> Option<&[u8]> {
    let mut rest = text;
    loop {
        if let Some(escaped) = rest.strip_prefix(b"\\\"\"\"") {
            rest = escaped;
        } else if let Some(behind) = rest.strip_prefix(b"\"\"\"") {
            return Some(behind);
        } else {
            rest = rest.get(1..)?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(open: &str, levels: usize) -> bool {
        check(&open.repeat(levels)).is_ok()
    }

    #[test]
    fn brackets_go_as_deep_as_they_may() {
        for open in ["[", "{", "(", "{ a", "a: [ \"s\" ", "# [\n{"] {
            assert!(nested(open, 63), "{open}");
            assert!(nested(open, 64), "{open}");
            assert!(!nested(open, 65), "{open}");
        }
        assert!(check(&"{ [ ( ) ] } ".repeat(1_000)).is_ok());
        assert!(check(&"}".repeat(1_000)).is_ok());
    }

    #[test]
    fn what_is_text_has_no_brackets() {
        let many = "[".repeat(1_000);
        for text in [
            format!("# {many}"),
            format!("\"{many}\""),
            format!("\"\\\"{many}\""),
            format!("\"\"\"{many}\n\"\" \\\"\"\" {many}\"\"\""),
            format!("\"\" # {many}"),
        ] {
            assert!(check(&text).is_ok(), "{text}");
        }
        // Behind the end of a string, or in one that has none, they count again.
        for text in [
            format!("\"a\"{many}"),
            format!("\"a\\\\\"{many}"),
            format!("\"\"{many}"),
            format!("\"\"\"a\"\"\"{many}"),
            format!("\"{many}"),
            format!("\"a\n{many}\""),
            format!("\"\"\"{many}"),
            format!("\"\"\"a\" {many}\""),
            format!("\"\"\"a\" {many}"),
            format!("\"\"\"\"\" {many}"),
            format!("\"\"\"\"\"a\" {many}\""),
            format!("# a\r{many}"),
        ] {
            assert!(check(&text).is_err(), "{text}");
        }
    }
}
