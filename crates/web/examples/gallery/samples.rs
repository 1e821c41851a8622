//! The sample structs of the gallery, taken from the design's pictures; they are not in the product.

mod case;
mod doors;
mod frame;
mod journal;
mod lists;
mod strips;
mod work;

pub(crate) use case::*;
pub(crate) use doors::*;
pub(crate) use journal::*;
pub(crate) use lists::*;
pub(crate) use strips::*;
pub(crate) use work::*;
