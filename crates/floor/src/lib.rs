//! The floor: a simulated operation around a running Baton. A generator sends orders, receipts,
//! invoices and credit notes, some with a planted defect that is noted in a side file; simulated workers and bots claim
//! and complete the work.
//!
//! It is a stranger to the house: it uses no other room, shares no code with the matcher, and reaches
//! Baton over HTTP alone, with tokens of its own. What it knows of a defect it planted, it has from
//! planting it.

mod api;
mod deal;
mod defect;
mod goods;
mod money;
mod run;
mod side;
mod staff;
mod write;

pub use api::{Api, ApiError, Taken};
pub use deal::{Charge, Deal, Line};
pub use defect::Defect;
pub use run::{Floor, FloorError, ORDINARY};
pub use side::{Planted, SideError, SideFile};
pub use staff::{Nature, Staff};
pub use write::{Document, credit_note, documents};
