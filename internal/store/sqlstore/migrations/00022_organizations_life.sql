-- +goose Up

-- What an organization asks and does over time: handshakes, accounts that are
-- created and closed in the background, and the management account's address.

ALTER TABLE organizations ADD COLUMN account_limit BIGINT NOT NULL DEFAULT 0; -- 0 for the default

CREATE TABLE handshakes (
  id           TEXT PRIMARY KEY,
  organization TEXT NOT NULL REFERENCES organizations (id),
  action       TEXT NOT NULL,
  state        TEXT NOT NULL, -- as it was left: nothing notes that it has expired
  recipient    TEXT NOT NULL, -- type and id; addresses in lower case
  party_type   TEXT NOT NULL,
  party_id     TEXT NOT NULL,
  parent       TEXT NOT NULL,
  notes        TEXT NOT NULL,
  tags         TEXT NOT NULL, -- JSON
  transfer     TEXT NOT NULL,
  requested_at BIGINT NOT NULL,
  expires_at   BIGINT NOT NULL,
  resolved_at  BIGINT NOT NULL,
  forget_at    BIGINT NOT NULL
);
CREATE UNIQUE INDEX handshakes_organization ON handshakes (organization, id);
CREATE UNIQUE INDEX handshakes_parent ON handshakes (organization, parent, id);
CREATE INDEX handshakes_action ON handshakes (organization, action, state, expires_at);
CREATE INDEX handshakes_requested ON handshakes (organization, action, requested_at);
CREATE INDEX handshakes_recipient ON handshakes (recipient, id);
CREATE INDEX handshakes_forget_at ON handshakes (forget_at);

CREATE TABLE account_creations (
  id           TEXT PRIMARY KEY,
  organization TEXT NOT NULL REFERENCES organizations (id),
  name         TEXT NOT NULL,
  email        TEXT NOT NULL,
  role_name    TEXT NOT NULL,
  tags         TEXT NOT NULL, -- JSON
  state        TEXT NOT NULL,
  failure      TEXT NOT NULL,
  account      TEXT NOT NULL,
  failures     BIGINT NOT NULL,
  requested_at BIGINT NOT NULL,
  completed_at BIGINT NOT NULL,
  forget_at    BIGINT NOT NULL
);
CREATE UNIQUE INDEX account_creations_organization ON account_creations (organization, id);
CREATE INDEX account_creations_state ON account_creations (state, requested_at);
CREATE INDEX account_creations_of ON account_creations (organization, state, requested_at);
CREATE INDEX account_creations_forget_at ON account_creations (forget_at);

CREATE TABLE account_closures (
  account      TEXT PRIMARY KEY REFERENCES accounts (id),
  organization TEXT NOT NULL,
  requested_at BIGINT NOT NULL,
  completed_at BIGINT NOT NULL,
  forget_at    BIGINT NOT NULL
);
CREATE INDEX account_closures_completed_at ON account_closures (completed_at, requested_at);
CREATE INDEX account_closures_organization ON account_closures (organization, requested_at);
CREATE INDEX account_closures_forget_at ON account_closures (forget_at);

CREATE TABLE account_verifications (
  account     TEXT PRIMARY KEY REFERENCES accounts (id),
  email       TEXT NOT NULL,
  hash        TEXT NOT NULL,
  sent_at     BIGINT NOT NULL,
  expires_at  BIGINT NOT NULL,
  verified_at BIGINT NOT NULL,
  sent        BIGINT NOT NULL,
  sent_since  BIGINT NOT NULL
);
CREATE UNIQUE INDEX account_verifications_hash ON account_verifications (hash);
