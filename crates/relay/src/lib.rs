//! Joins the stages: turn and rebuild
