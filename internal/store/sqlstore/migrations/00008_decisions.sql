-- +goose Up

-- Why a call was refused: the id that its caller was told, and what was looked
-- at, as JSON. Both are empty for every other event.
ALTER TABLE events ADD COLUMN decision_id TEXT NOT NULL DEFAULT '';
ALTER TABLE events ADD COLUMN decision TEXT NOT NULL DEFAULT '';
CREATE INDEX events_decision ON events (decision_id) WHERE decision_id <> '';
CREATE INDEX events_refused ON events (id) WHERE decision_id <> '';

-- Policies of the organization and where they are attached: '/' is the root,
-- digits are an account, anything else is the path of an organisational unit.
CREATE TABLE org_policies (
  id          TEXT PRIMARY KEY,
  policy_type TEXT NOT NULL,
  name        TEXT NOT NULL,
  document    TEXT NOT NULL,
  from_file   BIGINT NOT NULL
);
CREATE UNIQUE INDEX org_policies_name ON org_policies (policy_type, name);

CREATE TABLE org_policy_targets (
  target    TEXT NOT NULL,
  policy_id TEXT NOT NULL REFERENCES org_policies (id),
  PRIMARY KEY (target, policy_id)
);
CREATE INDEX org_policy_targets_policy ON org_policy_targets (policy_id, target);
