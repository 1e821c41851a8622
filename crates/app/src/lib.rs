//! The shell: seals, batches, commits, answers; runs effects and timers
