//! How one node of a Redis cluster sees all of them.

/// A node, as another or it itself sees it.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) id: String,
    pub(super) port: u16,
    /// For a replica, the id of its primary.
    pub(super) primary: Option<String>,
    /// The first and the last of each range of slots that it answers for.
    pub(super) slots: Vec<(u16, u16)>,
    /// It is known, it is connected, and nobody suspects that it has failed.
    pub(super) is_well: bool,
}

/// The nodes in what a node answers to `CLUSTER NODES`.
pub(super) fn parse(answer: &str) -> Vec<Node> {
    answer.lines().map(node).collect()
}

/// A line is: id, address, flags, id of the primary, two times, epoch, state of the link, slots.
fn node(line: &str) -> Node {
    let words: Vec<&str> = line.split(' ').collect();
    // 127.0.0.1:port@port of the bus, which a name may follow.
    let address = words[1].split('@').next().unwrap();
    let flags: Vec<&str> = words[2].split(',').collect();
    let ill = ["fail", "fail?", "handshake", "noaddr"];
    Node {
        id: words[0].to_owned(),
        port: address.rsplit(':').next().unwrap().parse().unwrap(),
        primary: (words[3] != "-").then(|| words[3].to_owned()),
        // One in brackets is on its way to another node.
        slots: words[8..]
            .iter()
            .filter(|word| !word.starts_with('['))
            .map(|it| range(it))
            .collect(),
        is_well: words[7] == "connected" && !flags.iter().any(|flag| ill.contains(flag)),
    }
}

fn range(word: &str) -> (u16, u16) {
    let (first, last) = word.split_once('-').unwrap_or((word, word));
    (first.parse().unwrap(), last.parse().unwrap())
}
