//! The program; everything is in the library.

fn main() -> std::process::ExitCode {
    amish::run(std::env::args_os())
}
