-- +goose Up

-- How many of a noun an account has, kept by every write of the noun, so that
-- asking costs the same however many there are.
CREATE TABLE iam_counts (
  account TEXT NOT NULL REFERENCES accounts (id),
  noun    TEXT NOT NULL,
  n       BIGINT NOT NULL,
  PRIMARY KEY (account, noun)
);

-- The quotas of accounts that have others than AWS gives to all.
CREATE TABLE iam_quotas (
  account TEXT NOT NULL REFERENCES accounts (id),
  noun    TEXT NOT NULL,
  quota   BIGINT NOT NULL,
  PRIMARY KEY (account, noun)
);

CREATE TABLE iam_users (
  id         TEXT PRIMARY KEY,
  account    TEXT NOT NULL REFERENCES accounts (id),
  path       TEXT NOT NULL,
  name       TEXT NOT NULL,
  name_key   TEXT NOT NULL,
  boundary   TEXT NOT NULL,
  tags       TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  from_file  BIGINT NOT NULL
);
CREATE UNIQUE INDEX iam_users_name ON iam_users (account, name_key);
CREATE INDEX iam_users_path ON iam_users (account, path, name_key);
CREATE INDEX iam_users_boundary ON iam_users (account, boundary, id) WHERE boundary <> '';

CREATE TABLE iam_groups (
  id         TEXT PRIMARY KEY,
  account    TEXT NOT NULL REFERENCES accounts (id),
  path       TEXT NOT NULL,
  name       TEXT NOT NULL,
  name_key   TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  from_file  BIGINT NOT NULL
);
CREATE UNIQUE INDEX iam_groups_name ON iam_groups (account, name_key);
CREATE INDEX iam_groups_path ON iam_groups (account, path, name_key);

-- user_key is the member's iam_users.name_key, kept with it when the user is
-- renamed: the members of a group are listed in its order.
CREATE TABLE iam_memberships (
  user_id    TEXT NOT NULL REFERENCES iam_users (id),
  group_id   TEXT NOT NULL REFERENCES iam_groups (id),
  user_key   TEXT NOT NULL,
  added_at   BIGINT NOT NULL,
  PRIMARY KEY (user_id, group_id)
);
CREATE UNIQUE INDEX iam_memberships_group ON iam_memberships (group_id, user_key);

CREATE TABLE instance_profiles (
  id         TEXT PRIMARY KEY,
  account    TEXT NOT NULL REFERENCES accounts (id),
  path       TEXT NOT NULL,
  name       TEXT NOT NULL,
  name_key   TEXT NOT NULL,
  role_id    TEXT REFERENCES roles (id), -- NULL: none
  tags       TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX instance_profiles_name ON instance_profiles (account, name_key);
CREATE INDEX instance_profiles_path ON instance_profiles (account, path, name_key);
CREATE INDEX instance_profiles_role ON instance_profiles (role_id, name_key);
