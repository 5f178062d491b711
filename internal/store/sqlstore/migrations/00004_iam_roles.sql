-- +goose Up

ALTER TABLE roles ADD COLUMN boundary TEXT NOT NULL DEFAULT '';
ALTER TABLE roles ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
ALTER TABLE roles ADD COLUMN from_file BIGINT NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX roles_path ON roles (account, path, name_key);
CREATE INDEX roles_boundary ON roles (account, boundary, id) WHERE boundary <> '';

-- The roles that there are already have never been counted.
INSERT INTO iam_counts (account, noun, n) SELECT account, 'roles', count(*) FROM roles GROUP BY account;

-- How the deletion of a service-linked role went.
CREATE TABLE deletion_tasks (
  id         TEXT PRIMARY KEY,
  account    TEXT NOT NULL REFERENCES accounts (id),
  status     TEXT NOT NULL,
  reason     TEXT NOT NULL,
  role_usage TEXT NOT NULL, -- lists of a region and ARNs
  created_at BIGINT NOT NULL,
  forget_at  BIGINT NOT NULL
);
CREATE INDEX deletion_tasks_forget ON deletion_tasks (forget_at);
