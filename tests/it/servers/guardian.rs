//! Sees to it that a server ends with the tests.
//!
//! A server's guardian is a shell that holds the end of a pipe from the test process. When the
//! pipe closes, because the server is no longer wanted or because the test process is gone, even
//! by kill -9, the guardian stops the server and removes its folder. Guardian and server are a
//! process group of their own: what interrupts or kills that of the tests leaves the guardian to
//! clean up.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;

/// `$1` is the signal that stops the server, `$2` the folder; the rest is the server's command.
///
/// What happens to a server happens to its processes, of which PostgreSQL has one for each
/// connection: left alone, they go on answering. It is stopped before they are counted, so that it
/// makes no more of them meanwhile.
///
/// The server's own input and output are not the pipes, or it would hold them open. Its log is
/// emptied before it starts rather than as it starts: who is answered `done` reads no old lines.
/// A server that hangs hears no signal but to go on and to die, so it goes on before it ends.
const SCRIPT: &str = r#"
signal=$1 folder=$2; shift 2
trap '' INT TERM HUP
all() { kill -STOP $server; kill -$1 $server $(cat /proc/$server/task/$server/children 2>/dev/null); }
: >"$folder/log"; "$@" </dev/null >>"$folder/log" 2>&1 & server=$!
while read -r order; do
    case $order in
        kill) all 9 ;;
        pause) all STOP ;;
        resume) all CONT ;;
        start) wait $server; : >"$folder/log"; "$@" </dev/null >>"$folder/log" 2>&1 & server=$! ;;
    esac
    echo done
done
all CONT
kill -$signal $server
wait $server
rm -rf "$folder"
"#;

/// A server that is watched over.
#[derive(Debug)]
pub(super) struct Guardian {
    shell: Mutex<Child>,
}

impl Guardian {
    /// Starts `command`, a server over `folder` that ends by `signal`.
    pub(super) fn start(folder: &Path, signal: &str, command: &[String]) -> Self {
        let shell = Command::new("sh")
            .args(["-c", SCRIPT, "guardian", signal])
            .arg(folder)
            .args(command)
            .process_group(0)
            // What the servers say is read, so it must be in one language.
            .env("LC_ALL", "C")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // The shell's remarks that a process was killed or is gone already.
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self { shell: Mutex::new(shell) }
    }

    /// Kills the server with signal 9; the guardian stays.
    pub(super) fn kill_server(&self) {
        self.order("kill");
    }

    /// Starts the server again, once the one that was killed is gone.
    pub(super) fn start_server(&self) {
        self.order("start");
    }

    /// Makes the server hang: it keeps its connections, and answers nobody.
    pub(super) fn pause_server(&self) {
        self.order("pause");
    }

    /// Lets a server go on that hangs.
    pub(super) fn resume_server(&self) {
        self.order("resume");
    }

    fn order(&self, order: &str) {
        let mut shell = self.shell.lock().unwrap();
        writeln!(shell.stdin.as_mut().unwrap(), "{order}").unwrap();
        let mut answer = String::new();
        BufReader::new(shell.stdout.as_mut().unwrap()).read_line(&mut answer).unwrap();
        assert_eq!(answer, "done\n");
    }
}
