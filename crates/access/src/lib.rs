//! Sign-in, grants, masks, subject keys
