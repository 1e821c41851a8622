//! A work item's life: queues, claims, drafts, completion
