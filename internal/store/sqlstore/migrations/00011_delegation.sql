-- +goose Up

-- Requests of accounts for temporary access to others.
CREATE TABLE delegation_requests (
  id                 TEXT PRIMARY KEY,
  requestor          TEXT NOT NULL REFERENCES accounts (id),
  requestor_name     TEXT NOT NULL,
  workflow_id        TEXT NOT NULL,
  description        TEXT NOT NULL,
  message            TEXT NOT NULL,
  template           TEXT NOT NULL,
  parameters         TEXT NOT NULL, -- JSON
  policy             TEXT NOT NULL, -- the template with the parameters in it
  redirect_url       TEXT NOT NULL,
  channel            TEXT NOT NULL,
  seconds            BIGINT NOT NULL,
  only_send_by_owner BIGINT NOT NULL,
  owner_account      TEXT NOT NULL, -- '': whoever claims it
  owner              TEXT NOT NULL, -- ARN; '': nobody has yet
  owner_entity       TEXT NOT NULL,
  owned_in           TEXT, -- owner_account once there is an owner
  approval           TEXT NOT NULL, -- JSON; '': nobody has yet
  notes              TEXT NOT NULL,
  rejection_reason   TEXT NOT NULL,
  state              TEXT NOT NULL,
  created_at         BIGINT NOT NULL,
  updated_at         BIGINT NOT NULL,
  expires_at         BIGINT NOT NULL,
  sent_at            BIGINT NOT NULL,
  traded_at          BIGINT NOT NULL,
  forget_at          BIGINT NOT NULL
);
CREATE UNIQUE INDEX delegation_requests_workflow ON delegation_requests (requestor, workflow_id);
CREATE INDEX delegation_requests_open ON delegation_requests (requestor, expires_at);
CREATE INDEX delegation_requests_owned ON delegation_requests (owned_in, created_at, id);
CREATE INDEX delegation_requests_owner ON delegation_requests (owned_in, owner, created_at, id);
CREATE INDEX delegation_requests_forget ON delegation_requests (forget_at);

-- What organizations' accounts used, as it was when somebody asked.
CREATE TABLE organization_reports (
  id        TEXT PRIMARY KEY,
  account   TEXT NOT NULL REFERENCES accounts (id),
  content   TEXT NOT NULL, -- the report as JSON
  forget_at BIGINT NOT NULL
);
CREATE INDEX organization_reports_account ON organization_reports (account);
CREATE INDEX organization_reports_forget ON organization_reports (forget_at);

CREATE INDEX iam_uses_account ON iam_uses (account, service, at, entity, region);
