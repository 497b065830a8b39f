//! Sees to it that a server ends with the tests.
//!
//! A server's guardian is a shell that holds the end of a pipe from the test process. When the
//! pipe closes, because the server is no longer wanted or because the test process is gone, even
//! by kill -9, the guardian kills the server and removes its folder.

use std::path::Path;
use std::process::{Child, Command, Stdio};

/// `$1` is the folder; the rest is the server's command line. The server's own input is not the
/// pipe, or it would hold it open.
const SCRIPT: &str = r#"
folder=$1; shift
"$@" </dev/null >"$folder/log" 2>&1 &
server=$!
trap '' INT TERM HUP
while read -r order; do
    case $order in
        kill) kill -9 $server ;;
        start) wait $server 2>/dev/null; "$@" </dev/null >>"$folder/log" 2>&1 & server=$! ;;
    esac
    echo done
done
kill -9 $server 2>/dev/null
wait $server 2>/dev/null
rm -rf "$folder"
"#;

/// A server that is watched over.
#[derive(Debug)]
pub(super) struct Guardian {
    shell: Child,
}

impl Guardian {
    /// Starts `command`, a server over `folder`.
    pub(super) fn start(folder: &Path, command: &[String]) -> Self {
        let shell = Command::new("sh")
            .args(["-c", SCRIPT, "guardian"])
            .arg(folder)
            .args(command)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        Self { shell }
    }

    /// Kills the server with signal 9; the guardian stays.
    pub(super) fn kill_server(&mut self) {
        self.order("kill");
    }

    /// Starts the server again, once the one that was killed is gone.
    pub(super) fn start_server(&mut self) {
        self.order("start");
    }

    fn order(&mut self, order: &str) {
        use std::io::{BufRead as _, BufReader, Write as _};
        writeln!(self.shell.stdin.as_mut().unwrap(), "{order}").unwrap();
        let mut answer = String::new();
        BufReader::new(self.shell.stdout.as_mut().unwrap()).read_line(&mut answer).unwrap();
        assert_eq!(answer, "done\n");
    }
}
