-- +goose Up

ALTER TABLE instances ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
ALTER TABLE permission_sets ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';

-- The state of its permission set that a role was last brought to; '' for unknown.
ALTER TABLE roles ADD COLUMN provisioned TEXT NOT NULL DEFAULT '';
CREATE INDEX roles_provisioned ON roles (permission_set, provisioned, account);
CREATE INDEX roles_sets ON roles (account, permission_set) WHERE permission_set IS NOT NULL;

-- Assignments of a set in an account are listed by principal.
DROP INDEX assignments_account;
CREATE INDEX assignments_account ON assignments (account, permission_set, principal_type, principal_id);

-- Those that were added; an instance's own is its own.
CREATE TABLE instance_regions (
  instance TEXT NOT NULL REFERENCES instances (id),
  name     TEXT NOT NULL,
  added_at BIGINT NOT NULL,
  PRIMARY KEY (instance, name)
);

-- Attributes for access control, of the instances where they are enabled.
CREATE TABLE access_attributes (
  instance TEXT PRIMARY KEY REFERENCES instances (id),
  content  TEXT NOT NULL -- JSON
);

-- Work on assignments, roles and instances that is done a step at a time.
CREATE TABLE access_requests (
  id             TEXT PRIMARY KEY,
  kind           TEXT NOT NULL,
  instance       TEXT NOT NULL,
  permission_set TEXT NOT NULL,
  account        TEXT NOT NULL, -- '': every one where the set is provisioned
  principal_type TEXT NOT NULL,
  principal_id   TEXT NOT NULL,
  status         TEXT NOT NULL,
  failure_reason TEXT NOT NULL,
  failures       BIGINT NOT NULL,
  seen_to        TEXT NOT NULL, -- what was seen to last
  created_at     BIGINT NOT NULL,
  forget_at      BIGINT NOT NULL,
  holder         TEXT NOT NULL,
  held_until     BIGINT NOT NULL,
  attempts       BIGINT NOT NULL
);
CREATE INDEX access_requests_all ON access_requests (instance, kind, created_at, id);
CREATE INDEX access_requests_status ON access_requests (instance, kind, status, created_at, id);
CREATE INDEX access_requests_due ON access_requests (created_at, id) WHERE status = 'IN_PROGRESS';
CREATE INDEX access_requests_waiting ON access_requests (instance, created_at, id) WHERE status = 'IN_PROGRESS';
CREATE INDEX access_requests_forget ON access_requests (forget_at);

-- Roles of permission sets whose last assignment may have gone with a user or group.
CREATE TABLE idle_roles (permission_set TEXT NOT NULL, account TEXT NOT NULL, PRIMARY KEY (permission_set, account));
