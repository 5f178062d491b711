-- +goose Up

-- Managed policies. account is 'aws' for AWS's own that were imported, and so
-- refers to no row.
CREATE TABLE iam_policies (
  id              TEXT PRIMARY KEY,
  account         TEXT NOT NULL,
  path            TEXT NOT NULL,
  name            TEXT NOT NULL,
  name_key        TEXT NOT NULL,
  description     TEXT NOT NULL,
  default_version BIGINT NOT NULL,
  last_version    BIGINT NOT NULL,
  tags            TEXT NOT NULL,
  created_at      BIGINT NOT NULL,
  updated_at      BIGINT NOT NULL,
  from_file       BIGINT NOT NULL
);
CREATE UNIQUE INDEX iam_policies_name ON iam_policies (account, name_key);
CREATE UNIQUE INDEX iam_policies_path ON iam_policies (account, path, name_key);

CREATE TABLE iam_policy_versions (
  policy     TEXT NOT NULL REFERENCES iam_policies (id),
  number     BIGINT NOT NULL,
  document   TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (policy, number)
);

-- Owners are users, groups and roles, each in a table of its own.

CREATE TABLE iam_inline_policies (
  owner    TEXT NOT NULL,
  name     TEXT NOT NULL,
  name_key TEXT NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (owner, name_key)
);

CREATE TABLE iam_attachments (
  owner       TEXT NOT NULL,
  policy_arn  TEXT NOT NULL,
  owner_kind  TEXT NOT NULL,
  account     TEXT NOT NULL REFERENCES accounts (id), -- the owner's
  attached_at BIGINT NOT NULL,
  PRIMARY KEY (owner, policy_arn)
);
CREATE UNIQUE INDEX iam_attachments_policy ON iam_attachments (account, policy_arn, owner);
