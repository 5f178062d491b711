-- +goose Up

-- Reads and refusals are forgotten in the order of time, whatever changes are between them.
CREATE INDEX events_passing ON events (id) WHERE read_only <> 0 OR error_code <> '';
