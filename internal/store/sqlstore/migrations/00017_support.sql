-- +goose Up

-- What people ask AWS Support. Cases without an account are of the contact form,
-- whose writers proved nothing.
CREATE TABLE support_cases (
  id           TEXT PRIMARY KEY,
  display_id   TEXT NOT NULL UNIQUE, -- sorts by time
  account      TEXT REFERENCES accounts (id),
  account_hint TEXT NOT NULL,
  subject      TEXT NOT NULL,
  issue_type   TEXT NOT NULL,
  service      TEXT NOT NULL,
  category     TEXT NOT NULL,
  severity     TEXT NOT NULL,
  language     TEXT NOT NULL,
  status       TEXT NOT NULL,
  cc           TEXT NOT NULL, -- JSON
  email        TEXT NOT NULL,
  submitted_by TEXT NOT NULL,
  created_at   BIGINT NOT NULL,
  updated_at   BIGINT NOT NULL,
  forget_at    BIGINT NOT NULL
);
CREATE INDEX support_cases_account ON support_cases (account, display_id);
CREATE INDEX support_cases_forget ON support_cases (forget_at);

CREATE TABLE support_communications (
  id           TEXT PRIMARY KEY, -- sorts by time
  case_id      TEXT NOT NULL REFERENCES support_cases (id),
  sealed       BLOB NOT NULL, -- the body: people write secrets although they are told not to
  submitted_by TEXT NOT NULL,
  attachments  TEXT NOT NULL, -- JSON
  created_at   BIGINT NOT NULL,
  forget_at    BIGINT NOT NULL
);
CREATE INDEX support_communications_case ON support_communications (case_id, id);
CREATE INDEX support_communications_forget ON support_communications (forget_at);

CREATE TABLE support_attachment_sets (
  id         TEXT PRIMARY KEY,
  account    TEXT NOT NULL REFERENCES accounts (id),
  case_id    TEXT NOT NULL, -- '': it waits
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  forget_at  BIGINT NOT NULL
);
CREATE INDEX support_attachment_sets_account ON support_attachment_sets (account, created_at);
CREATE INDEX support_attachment_sets_forget ON support_attachment_sets (forget_at);

CREATE TABLE support_attachments (
  id        TEXT PRIMARY KEY, -- sorts by time
  set_id    TEXT NOT NULL REFERENCES support_attachment_sets (id),
  file_name TEXT NOT NULL,
  sealed    BLOB NOT NULL,
  forget_at BIGINT NOT NULL
);
CREATE INDEX support_attachments_set ON support_attachments (set_id, id);
CREATE INDEX support_attachments_forget ON support_attachments (forget_at);

-- The last results of Trusted Advisor's checks that somebody asked for.
CREATE TABLE support_check_results (
  account  TEXT NOT NULL REFERENCES accounts (id),
  check_id TEXT NOT NULL,
  content  TEXT NOT NULL, -- JSON
  PRIMARY KEY (account, check_id)
);
