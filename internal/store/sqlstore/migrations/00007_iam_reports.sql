-- +goose Up

-- What accounts have set for themselves; no row is the defaults.
CREATE TABLE iam_settings (
  account                     TEXT PRIMARY KEY REFERENCES accounts (id),
  global_tokens               BIGINT NOT NULL,
  issuer                      TEXT, -- NULL: none yet
  issues_web_tokens           BIGINT NOT NULL,
  root_credentials_management BIGINT NOT NULL,
  root_sessions               BIGINT NOT NULL
);
CREATE UNIQUE INDEX iam_settings_issuer ON iam_settings (issuer);

CREATE TABLE credential_reports (
  account      TEXT PRIMARY KEY REFERENCES accounts (id),
  content      TEXT NOT NULL,
  generated_at BIGINT NOT NULL
);

CREATE TABLE access_reports (
  id         TEXT PRIMARY KEY,
  account    TEXT NOT NULL REFERENCES accounts (id),
  content    TEXT NOT NULL, -- the report as JSON
  forget_at  BIGINT NOT NULL
);
CREATE INDEX access_reports_forget ON access_reports (forget_at);
