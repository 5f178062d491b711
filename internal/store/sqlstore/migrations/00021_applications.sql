-- +goose Up

-- What people reach from Identity Center beside accounts.
CREATE TABLE applications (
  id                  TEXT PRIMARY KEY,
  instance            TEXT NOT NULL REFERENCES instances (id),
  account             TEXT NOT NULL REFERENCES accounts (id),
  provider            TEXT NOT NULL,
  name                TEXT NOT NULL,
  description         TEXT NOT NULL,
  status              TEXT NOT NULL,
  visibility          TEXT NOT NULL,
  origin              TEXT NOT NULL, -- '': nothing was said of signing in
  url                 TEXT NOT NULL,
  assignment_required BIGINT NOT NULL,
  tags                TEXT NOT NULL, -- JSON
  created_at          BIGINT NOT NULL,
  created_from        TEXT NOT NULL
);
CREATE INDEX applications_instance ON applications (instance, name, id);
CREATE INDEX applications_account ON applications (instance, account, name, id);
CREATE INDEX applications_open ON applications (instance, assignment_required, name, id);

-- Scopes, grants and authentication methods, which are few and used together.
CREATE TABLE application_configurations (
  application TEXT PRIMARY KEY REFERENCES applications (id),
  content     TEXT NOT NULL -- JSON
);

CREATE TABLE application_assignments (
  principal_type TEXT NOT NULL,
  principal_id   TEXT NOT NULL,
  application    TEXT NOT NULL REFERENCES applications (id),
  created_at     BIGINT NOT NULL,
  PRIMARY KEY (principal_type, principal_id, application)
);
CREATE INDEX application_assignments_application ON application_assignments (application, principal_type, principal_id);

CREATE TABLE token_issuers (
  id             TEXT PRIMARY KEY,
  instance       TEXT NOT NULL REFERENCES instances (id),
  account        TEXT NOT NULL REFERENCES accounts (id),
  name           TEXT NOT NULL,
  url            TEXT NOT NULL,
  claim_path     TEXT NOT NULL,
  attribute_path TEXT NOT NULL,
  tags           TEXT NOT NULL, -- JSON
  created_at     BIGINT NOT NULL
);
CREATE INDEX token_issuers_instance ON token_issuers (instance, name, id);

-- What was done for requests with a client token, so that it is done once.
CREATE TABLE client_requests (
  request_key TEXT PRIMARY KEY, -- account/operation/token
  digest      TEXT NOT NULL,
  result      TEXT NOT NULL,
  forget_at   BIGINT NOT NULL
);
CREATE INDEX client_requests_forget ON client_requests (forget_at);
