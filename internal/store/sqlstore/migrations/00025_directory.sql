-- +goose Up

-- All that may be known of people and groups, and how they are found.

ALTER TABLE users ADD COLUMN profile TEXT NOT NULL DEFAULT '{}'; -- JSON
ALTER TABLE users ADD COLUMN external_ids TEXT NOT NULL DEFAULT '[]'; -- of external_ids, in their order
ALTER TABLE users ADD COLUMN created_by TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN updated_by TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN display_name_key TEXT NOT NULL DEFAULT '';
UPDATE users SET display_name_key = lower(display_name);
CREATE UNIQUE INDEX users_display_name ON users (directory, display_name_key, id);

ALTER TABLE user_groups ADD COLUMN external_ids TEXT NOT NULL DEFAULT '[]';
ALTER TABLE user_groups ADD COLUMN created_by TEXT NOT NULL DEFAULT '';
ALTER TABLE user_groups ADD COLUMN updated_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE user_groups ADD COLUMN updated_by TEXT NOT NULL DEFAULT '';
ALTER TABLE user_groups ADD COLUMN display_name_key TEXT NOT NULL DEFAULT '';
UPDATE user_groups SET display_name_key = lower(display_name), updated_at = created_at;
CREATE UNIQUE INDEX user_groups_display_name_key ON user_groups (directory, display_name_key, id);

-- How other identity providers know a user or a group.
CREATE TABLE external_ids (
  directory   TEXT NOT NULL,
  kind        TEXT NOT NULL, -- USER or GROUP
  external_id TEXT NOT NULL,
  issuer      TEXT NOT NULL,
  owner       TEXT NOT NULL,
  PRIMARY KEY (directory, kind, external_id, issuer)
);
CREATE INDEX external_ids_owner ON external_ids (owner);

-- Memberships have ids of their own.
ALTER TABLE memberships ADD COLUMN id TEXT NOT NULL DEFAULT '';
ALTER TABLE memberships ADD COLUMN created_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE memberships ADD COLUMN created_by TEXT NOT NULL DEFAULT '';
CREATE TABLE numbered_memberships (user_id TEXT NOT NULL, group_id TEXT NOT NULL, number BIGINT NOT NULL, PRIMARY KEY (user_id, group_id));
INSERT INTO numbered_memberships
SELECT user_id, group_id, 100000000000 + row_number() OVER (ORDER BY user_id, group_id) FROM memberships;
UPDATE memberships SET id = (
  SELECT '00000000-0000-4000-8000-' || n.number
  FROM numbered_memberships n WHERE n.user_id = memberships.user_id AND n.group_id = memberships.group_id);
DROP TABLE numbered_memberships;
CREATE UNIQUE INDEX memberships_id ON memberships (id);

CREATE TABLE directory_counts (
  directory TEXT NOT NULL,
  noun      TEXT NOT NULL, -- users, groups
  n         BIGINT NOT NULL,
  PRIMARY KEY (directory, noun)
);
INSERT INTO directory_counts SELECT directory, 'users', count(*) FROM users GROUP BY directory;
INSERT INTO directory_counts SELECT directory, 'groups', count(*) FROM user_groups GROUP BY directory;

-- What is mailed to people so that they prove an address to be theirs.
CREATE TABLE directory_links (
  hash       TEXT PRIMARY KEY,
  purpose    TEXT NOT NULL, -- INVITATION, VERIFICATION or CODE
  user_id    TEXT NOT NULL,
  email      TEXT NOT NULL, -- where it went; one that is the person's no more proves nothing
  sent_at    BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  forget_at  BIGINT NOT NULL
);
CREATE INDEX directory_links_user ON directory_links (user_id, purpose);
CREATE INDEX directory_links_forget ON directory_links (forget_at);

CREATE TABLE directory_security (
  user_id              TEXT PRIMARY KEY,
  verified_email       TEXT NOT NULL,
  verification_sent_at BIGINT NOT NULL,
  last_sign_in_at      BIGINT NOT NULL
);
