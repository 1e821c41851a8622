//! Progress bars on work over a second, on the terminal only; never in the way of the output.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar over so many steps, with count and time left. Hidden where there is no terminal.
pub(crate) fn bar(what: &'static str, steps: u64) -> ProgressBar {
    let style =
        ProgressStyle::with_template("{msg} {bar:30} {percent} % · {pos} of {len} · {eta} left")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = ProgressBar::with_draw_target(Some(steps), ProgressDrawTarget::stderr_with_hz(4));
    bar.with_style(style).with_message(what)
}
