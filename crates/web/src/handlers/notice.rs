//! What a page says was just done. It comes in the address of the page that follows, as a code with what
//! it is about, and sealed for the session: an address that somebody else made says nothing.

use super::session::Signed;
use super::work::encoded;
use baton_app::hex;
use sha2::{Digest, Sha256};

/// Something that was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Notice {
    /// A case's item was completed, and the next item is open.
    CompletedNext(String),
    /// A case's item was completed, and there is no next.
    Completed(String),
    /// An item was given back to the queue.
    GivenBack,
    /// Items were claimed; some were gone.
    Claimed(u32, u32),
    /// Items were given to somebody; why another one was not, if so.
    Given(u32, String),
}

impl Notice {
    /// The notice as a page's address carries it.
    pub(crate) fn address(&self, signed: &Signed) -> String {
        let said = self.code();
        encoded(&format!("{said}~{}", seal(signed, &said)))
    }

    /// The words of a notice that an address carries, if this session's pages made it.
    pub(crate) fn words(address: &str, signed: &Signed) -> Option<String> {
        let (said, sealed) = address.rsplit_once('~')?;
        let genuine = seal(signed, said) == sealed;
        Self::read(said).filter(|_| genuine).map(|it| it.said())
    }

    fn code(&self) -> String {
        match self {
            Self::CompletedNext(case) => format!("next~{case}"),
            Self::Completed(case) => format!("completed~{case}"),
            Self::GivenBack => "given-back".into(),
            Self::Claimed(claimed, gone) => format!("claimed~{claimed}~{gone}"),
            Self::Given(given, refused) => {
                format!("given~{given}~{}", refused.replace('~', "-"))
            }
        }
    }

    fn read(code: &str) -> Option<Self> {
        let parts: Vec<&str> = code.split('~').collect();
        Some(match parts.as_slice() {
            ["next", case] => Self::CompletedNext((*case).into()),
            ["completed", case] => Self::Completed((*case).into()),
            ["given-back"] => Self::GivenBack,
            ["given", given, refused] => Self::Given(given.parse().ok()?, (*refused).into()),
            ["claimed", claimed, gone] => Self::Claimed(claimed.parse().ok()?, gone.parse().ok()?),
            _ => return None,
        })
    }

    fn said(&self) -> String {
        match self {
            Self::CompletedNext(case) => format!("{case} completed. Next is open."),
            Self::Completed(case) => format!("{case} completed."),
            Self::GivenBack => "Given back.".into(),
            Self::Given(given, refused) if refused.is_empty() => format!("{given} given."),
            Self::Given(given, refused) => format!("{given} given. Not given: {refused}"),
            Self::Claimed(claimed, 0) => format!("{claimed} claimed."),
            Self::Claimed(claimed, gone) => format!("{claimed} claimed, {gone} were gone."),
        }
    }
}

/// What only pages of this session can write beside a notice.
fn seal(signed: &Signed, said: &str) -> String {
    hex(&Sha256::digest(format!(
        "baton-notice:{}:{said}",
        signed.forms
    )))[..16]
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_is_read_back_as_it_was_written() {
        for (notice, words) in [
            (
                Notice::CompletedNext("P2P-7".into()),
                "P2P-7 completed. Next is open.",
            ),
            (Notice::Completed("P2P-7".into()), "P2P-7 completed."),
            (Notice::GivenBack, "Given back."),
            (Notice::Claimed(3, 0), "3 claimed."),
            (Notice::Claimed(3, 1), "3 claimed, 1 were gone."),
            (Notice::Given(2, String::new()), "2 given."),
            (
                Notice::Given(0, "x lacks de".into()),
                "0 given. Not given: x lacks de",
            ),
        ] {
            assert_eq!(Notice::read(&notice.code()).as_ref(), Some(&notice));
            assert_eq!(notice.said(), words);
        }
        assert_eq!(Notice::read("<b>paid</b>"), None);
        assert_eq!(Notice::read("claimed~many~0"), None);
    }
}
