"""Child processes: spawned fresh, spoken to in JSON lines over pipes, limited, cancelled and never orphaned."""
