//! Who has a case or an item open, and whether they type: kept for as long as their page says so, in memory.
//!
//! It is never journaled and never asked for another party: whoever looks is told of the own party's people
//! only, the viewer left out.

use super::held;
use baton_model::{CaseId, PartyId, Scope, TenantId, WorkItemId, WorkerId};
use std::collections::{BTreeSet, HashMap};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// How long a page that says nothing more counts as open.
const STAYS: Duration = Duration::from_secs(25);
/// The most pages of a session that count.
const PAGES: usize = 32;

/// What a page says of itself.
#[derive(Clone, Debug)]
pub(crate) struct Beat {
    /// The page's own name, so that one worker may have two.
    pub(crate) page: String,
    /// The case it shows.
    pub(crate) case: CaseId,
    /// The item it shows, if it is an item's.
    pub(crate) item: Option<WorkItemId>,
    /// Whether something is being typed.
    pub(crate) edits: bool,
}

/// Whose page it is, or who looks.
#[derive(Clone, Debug)]
pub(crate) struct Who {
    tenant: TenantId,
    party: PartyId,
    worker: WorkerId,
}

impl From<&Scope> for Who {
    fn from(scope: &Scope) -> Self {
        Self {
            tenant: scope.tenant.clone(),
            party: scope.party.clone(),
            worker: scope.worker.clone(),
        }
    }
}

/// Somebody of the viewer's party who is at a case or item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Here {
    /// Who.
    pub(crate) worker: WorkerId,
    /// Whether typing.
    pub(crate) edits: bool,
}

/// The pages that are open, by session and page.
#[derive(Debug, Default)]
pub(crate) struct Presence(Mutex<HashMap<String, Vec<Open>>>);

#[derive(Debug)]
struct Open {
    who: Who,
    beat: Beat,
    until: Instant,
}

impl Presence {
    /// Notes that a page is open. Whether that is news to others.
    pub(crate) fn beat(&self, session: &str, who: Who, beat: Beat, now: Instant) -> bool {
        let mut sessions = held(&self.0);
        let pages = sessions.entry(session.to_string()).or_default();
        let until = now + STAYS;
        if let Some(open) = pages.iter_mut().find(|open| open.beat.page == beat.page) {
            let news = open.beat.edits != beat.edits
                || open.beat.case != beat.case
                || open.beat.item != beat.item;
            (open.beat, open.until) = (beat, until);
            return news;
        }
        if pages.len() >= PAGES {
            pages.remove(0);
        }
        pages.push(Open { who, beat, until });
        true
    }

    /// Notes that a page was closed. Whether that is news to others.
    pub(crate) fn leave(&self, session: &str, page: &str) -> bool {
        let mut sessions = held(&self.0);
        let Some(pages) = sessions.get_mut(session) else {
            return false;
        };
        let before = pages.len();
        pages.retain(|open| open.beat.page != page);
        let news = pages.len() < before;
        if pages.is_empty() {
            sessions.remove(session);
        }
        news
    }

    /// Forgets pages that said nothing for long; whose parties are to be told.
    pub(crate) fn sweep(&self, now: Instant) -> BTreeSet<(TenantId, PartyId)> {
        let mut gone = BTreeSet::new();
        held(&self.0).retain(|_, pages| {
            pages.retain(|open| {
                let stays = open.until > now;
                if !stays {
                    gone.insert((open.who.tenant.clone(), open.who.party.clone()));
                }
                stays
            });
            !pages.is_empty()
        });
        gone
    }

    /// The viewer's colleagues at an item, or at its case without saying which item; those who type first.
    pub(crate) fn at(
        &self,
        looks: &Who,
        case: &CaseId,
        item: Option<&WorkItemId>,
        now: Instant,
    ) -> Vec<Here> {
        let sessions = held(&self.0);
        let open = sessions.values().flatten().filter(|open| {
            let there = open.beat.case == *case
                && (item.is_none() || open.beat.item.is_none() || open.beat.item.as_ref() == item);
            let colleague = open.who.tenant == looks.tenant
                && open.who.party == looks.party
                && open.who.worker != looks.worker;
            there && colleague && open.until > now
        });
        let mut here: Vec<Here> = open
            .map(|open| Here {
                worker: open.who.worker.clone(),
                edits: open.beat.edits,
            })
            .collect();
        here.sort_by(|one, other| (&one.worker, !one.edits).cmp(&(&other.worker, !other.edits)));
        here.dedup_by(|later, kept| later.worker == kept.worker);
        here.sort_by_key(|here| !here.edits);
        here
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who(party: &str, worker: &str) -> Who {
        Who {
            tenant: TenantId::new("t"),
            party: PartyId::new(party),
            worker: WorkerId::new(worker),
        }
    }

    fn page(page: &str, item: Option<&str>, edits: bool) -> Beat {
        Beat {
            page: page.into(),
            case: CaseId::new("c"),
            item: item.map(WorkItemId::new),
            edits,
        }
    }

    fn seen(presence: &Presence, looks: &Who, item: Option<&str>, now: Instant) -> Vec<String> {
        let item = item.map(WorkItemId::new);
        let here = presence.at(looks, &CaseId::new("c"), item.as_ref(), now);
        here.iter()
            .map(|here| {
                format!(
                    "{} {}",
                    here.worker,
                    if here.edits { "edits" } else { "views" }
                )
            })
            .collect()
    }

    #[test]
    fn colleagues_see_each_other_and_nobody_else() {
        let (presence, now) = (Presence::default(), Instant::now());
        assert!(presence.beat("s1", who("KS", "anna"), page("a", Some("c.1"), false), now));
        assert!(presence.beat("s2", who("KS", "jana"), page("b", Some("c.1"), true), now));
        assert!(presence.beat("s3", who("TO", "maria"), page("c", None, true), now));
        let piotr = who("KS", "piotr");
        assert_eq!(
            seen(&presence, &piotr, Some("c.1"), now),
            ["jana edits", "anna views"]
        );
        assert_eq!(
            seen(&presence, &who("KS", "jana"), None, now),
            ["anna views"]
        );
        assert!(
            seen(&presence, &piotr, Some("c.2"), now).is_empty(),
            "another item"
        );
        assert!(seen(&presence, &who("LV", "tom"), None, now).is_empty());
    }

    #[test]
    fn two_pages_of_one_worker_are_one_face_that_edits() {
        let (presence, now) = (Presence::default(), Instant::now());
        presence.beat("s", who("KS", "anna"), page("a", None, false), now);
        presence.beat("s", who("KS", "anna"), page("b", Some("c.1"), true), now);
        assert_eq!(
            seen(&presence, &who("KS", "jana"), Some("c.1"), now),
            ["anna edits"]
        );
        assert!(presence.leave("s", "b") && !presence.leave("s", "b"));
        assert_eq!(
            seen(&presence, &who("KS", "jana"), Some("c.1"), now),
            ["anna views"]
        );
    }

    #[test]
    fn the_same_beat_is_no_news_and_silence_ends_it() {
        let (presence, now) = (Presence::default(), Instant::now());
        let anna = || who("KS", "anna");
        presence.beat("s", anna(), page("a", None, false), now);
        let later = now + Duration::from_secs(10);
        assert!(!presence.beat("s", anna(), page("a", None, false), later));
        assert!(presence.beat("s", anna(), page("a", None, true), later));
        assert!(
            presence.sweep(now + STAYS).is_empty(),
            "the second beat counts"
        );
        let gone = later + STAYS;
        assert!(seen(&presence, &who("KS", "jana"), None, gone).is_empty());
        assert_eq!(presence.sweep(gone).len(), 1, "its party is told once");
        assert!(presence.sweep(gone).is_empty());
    }

    #[test]
    fn a_session_fills_no_memory() {
        let (presence, now) = (Presence::default(), Instant::now());
        for number in 0..1_000 {
            presence.beat(
                "s",
                who("KS", "anna"),
                page(&number.to_string(), None, false),
                now,
            );
        }
        assert_eq!(held(&presence.0)["s"].len(), PAGES);
    }
}
