//! Hops and clocks
