//! `init` on a terminal, before servers with TLS.

use super::Home;
use super::asked::{answer, begun, file, ping};
use crate::pty::Key;
use crate::secured::{Authority, Identity, NEW, Secured};
use crate::servers::simulator;
use std::net::TcpListener;

// A hardened PBX has only the port with TLS, and "refused" sends people to its
// firewall.
#[test]
fn a_pbx_with_tls_alone_is_found_at_its_port() {
    let pbx = simulator();
    let host = "127.94.3.7";
    let listener = TcpListener::bind((host, 5039)).unwrap();
    let identity = Identity::self_signed(&[host]);
    let _tls = Secured::at(listener, pbx.addr(), identity, NEW);
    let mut pty = begun(&[host, "--rights", "all", "--name", "office"]);
    pty.wait_line("port 5039 answers with TLS");
    answer(&mut pty, "Use TLS? [yes]", "");
    answer(&mut pty, "to be kept and trusted from now on? [no]", "yes");
    answer(&mut pty, "User of AMI", "demo");
    answer(&mut pty, "Secret of demo", "demo");
    answer(&mut pty, "Write it?", "");
    assert_eq!(pty.exit_code(), 0, "{}", pty.picture());
    assert_eq!(ping(&pty, "office Ping"), 0);

    let home = Home::new("demo");
    let done = home.run(&format!(
        "init|{host}|-u|demo|--secret-file|SECRET|--rights|all"
    ));
    assert_eq!(done.code, 5, "{done:?}");
    assert!(
        done.out.contains("write amis:// before the host"),
        "{done:?}"
    );
    assert!(home.is_empty());
}

// An unknown certificate is shown with what tells it from any other; kept, it is the
// only one that is trusted from then on.
#[test]
fn a_certificate_is_kept_only_when_that_is_said() {
    let pbx = simulator();
    let identity = Identity::self_signed(&["127.0.0.1"]);
    let pem = identity.pem.clone();
    let tls = Secured::before(pbx.addr(), identity, NEW);
    let target = format!("amis://{}", tls.address);
    let mut pty = begun(&[&target, "--rights", "all", "--name", "office"]);
    pty.wait_line("is self-signed and not among");
    pty.wait_line("subject      PBX");
    pty.wait_line("SHA-256      ");
    answer(&mut pty, "to be kept and trusted from now on? [no]", "");
    // Nobody is trusted by Enter.
    answer(&mut pty, "Target", &target);
    answer(&mut pty, "to be kept and trusted from now on? [no]", "yes");
    pty.wait_line("✓ ok      TLS      on, with the certificate that is kept");
    answer(&mut pty, "User of AMI", "demo");
    answer(&mut pty, "Secret of demo", "demo");
    answer(&mut pty, "Write it?", "");
    assert_eq!(pty.exit_code(), 0);
    let kept = std::fs::read_to_string(file(&pty, "office.pem")).unwrap();
    let bare = |text: &str| text.replace("\r\n", "\n");
    assert_eq!(bare(&kept), bare(&pem));
    assert_eq!(ping(&pty, "office Ping"), 0);
    let other = Secured::before(pbx.addr(), Authority::new("CA").issue(&["127.0.0.1"]), NEW);
    assert_eq!(
        ping(
            &pty,
            &format!(
                "office Ping --cacert {}",
                file(&pty, "office.pem").display()
            )
        ),
        0
    );
    let args = format!(
        "amis://{} -u demo Ping --cacert {}",
        other.address,
        file(&pty, "office.pem").display()
    );
    assert_eq!(
        ping(&pty, &args),
        4,
        "another certificate is not trusted by it"
    );
}

// A certificate for another host is not that of this one, kept or not, unless a
// person says that it is.
#[test]
fn a_certificate_of_another_name_is_asked_about() {
    let pbx = simulator();
    let tls = Secured::before(pbx.addr(), Identity::self_signed(&["pbx.example.com"]), NEW);
    let target = format!("amis://{}", tls.address);
    let mut pty = begun(&[&target, "--rights", "all", "--name", "office"]);
    let keeps = "to be kept and trusted from now on? [no]";
    let means = "Is pbx.example.com the PBX that you mean";
    answer(&mut pty, keeps, "yes");
    pty.wait_line("is not for 127.0.0.1 but for pbx.example.com");
    answer(&mut pty, means, "");
    answer(&mut pty, "Target", &target);
    answer(&mut pty, keeps, "yes");
    assert!(pbx.received().is_empty());
    answer(&mut pty, means, "yes");
    answer(&mut pty, "User of AMI", "demo");
    answer(&mut pty, "Secret of demo", "demo");
    answer(&mut pty, "Write it?", "");
    assert_eq!(pty.exit_code(), 0);
    let text = std::fs::read_to_string(file(&pty, "config.toml")).unwrap();
    assert!(text.contains("tls_name = \"pbx.example.com\"\n"), "{text}");
    assert_eq!(ping(&pty, "office Ping"), 0);
}

// Certificates of older recipes name no host, so nobody can check whose they are:
// what makes a better one is told.
#[test]
fn what_makes_a_certificate_of_use_is_told() {
    let pbx = simulator();
    let tls = Secured::before(pbx.addr(), Identity::self_signed(&[]), NEW);
    let mut pty = begun(&[&format!("amis://{}", tls.address)]);
    answer(&mut pty, "to be kept and trusted from now on? [no]", "yes");
    pty.wait_line("it names no host because it has no");
    pty.wait_line("-addext 'subjectAltName=IP:127.0.0.1'");
    pty.wait_line("Target");
    pty.key(Key::Ctrl('c'));
    assert_eq!(pty.exit_code(), 130);
    assert!(pbx.received().is_empty());
}
