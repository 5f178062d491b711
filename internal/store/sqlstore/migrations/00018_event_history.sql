-- +goose Up

-- What only CloudTrail's record of an event tells (JSON, '' for nothing), and what
-- was acted on as LookupEvents names it.
ALTER TABLE events ADD COLUMN record TEXT NOT NULL DEFAULT '';
ALTER TABLE events ADD COLUMN resource_type TEXT NOT NULL DEFAULT '';
ALTER TABLE events ADD COLUMN resource_name TEXT NOT NULL DEFAULT '';

-- An account's history by time, and by each attribute that it is asked by. Events
-- of no account are in nobody's history. That is said in two ways: SQLite takes a
-- partial index only for a question that says its condition to the letter, and must
-- not read the history by time when it is asked by an attribute.
CREATE INDEX events_history ON events (account, at) WHERE account <> '';
CREATE INDEX events_history_name ON events (account, name, at) WHERE account > '';
CREATE INDEX events_history_read_only ON events (account, read_only, at) WHERE account > '';
CREATE INDEX events_history_source ON events (account, source, at) WHERE account > '';
CREATE INDEX events_history_user ON events (account, user_name, at) WHERE account > '' AND user_name <> '';
CREATE INDEX events_history_access_key ON events (account, access_key_id, at) WHERE account > '' AND access_key_id <> '';
CREATE INDEX events_history_resource ON events (account, resource, at) WHERE account > '' AND resource <> '';
CREATE INDEX events_history_resource_name ON events (account, resource_name, at) WHERE account > '' AND resource_name <> '';
CREATE INDEX events_history_resource_type ON events (account, resource_type, at) WHERE account > '' AND resource_type <> '';
