-- +goose Up

-- Which organization has another one take responsibility for its bills, from the
-- invitation on.

CREATE TABLE responsibility_transfers (
  id          TEXT PRIMARY KEY,
  kind        TEXT NOT NULL,
  name        TEXT NOT NULL,
  target      TEXT NOT NULL REFERENCES organizations (id), -- who takes it
  source      TEXT NOT NULL, -- who gives it: type and id; addresses in lower case
  source_type TEXT NOT NULL,
  source_id   TEXT NOT NULL,
  status      TEXT NOT NULL, -- as it was left: nothing notes that an invitation has expired
  handshake   TEXT NOT NULL,
  expires_at  BIGINT NOT NULL, -- of the invitation
  resolved_at BIGINT NOT NULL,
  starts_at   BIGINT NOT NULL,
  ends_at     BIGINT NOT NULL, -- 0 for no end
  forget_at   BIGINT NOT NULL
);
CREATE UNIQUE INDEX responsibility_transfers_target ON responsibility_transfers (target, id);
CREATE UNIQUE INDEX responsibility_transfers_source ON responsibility_transfers (source, id);
CREATE INDEX responsibility_transfers_forget_at ON responsibility_transfers (forget_at);
