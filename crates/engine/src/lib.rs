//! Runs a process: tokens, gateways, timers, decisions, incidents
