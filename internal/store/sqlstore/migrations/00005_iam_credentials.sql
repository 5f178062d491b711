-- +goose Up

-- user_id is NULL while the device is nobody's and '' when it is the root
-- user's. last_step is that of the last code used.
CREATE TABLE mfa_devices (
  serial     TEXT PRIMARY KEY,
  account    TEXT NOT NULL REFERENCES accounts (id),
  kind       TEXT NOT NULL,
  sealed     BLOB NOT NULL, -- the seed, encrypted by the key ring
  drift      BIGINT NOT NULL,
  last_step  BIGINT NOT NULL,
  assigned   BIGINT NOT NULL,
  enabled_at BIGINT NOT NULL,
  user_id    TEXT,
  tags       TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX mfa_devices_account ON mfa_devices (account, kind, serial);
CREATE INDEX mfa_devices_assigned ON mfa_devices (account, kind, assigned, serial);
CREATE INDEX mfa_devices_user ON mfa_devices (account, user_id, serial) WHERE user_id IS NOT NULL;

CREATE TABLE password_policies (
  account      TEXT PRIMARY KEY REFERENCES accounts (id),
  min_length   BIGINT NOT NULL,
  upper        BIGINT NOT NULL,
  lower        BIGINT NOT NULL,
  digit        BIGINT NOT NULL,
  symbol       BIGINT NOT NULL,
  may_change   BIGINT NOT NULL,
  max_age_days BIGINT NOT NULL,
  remembered   BIGINT NOT NULL,
  hard_expiry  BIGINT NOT NULL
);

-- Last uses. They refer to nothing: what was used may be gone when it is
-- recorded.
CREATE TABLE iam_uses (
  use_key   TEXT PRIMARY KEY, -- entity, service and action
  entity    TEXT NOT NULL,
  account   TEXT NOT NULL,
  service   TEXT NOT NULL,
  action    TEXT NOT NULL,
  region    TEXT NOT NULL,
  at        BIGINT NOT NULL,
  forget_at BIGINT NOT NULL
);
CREATE INDEX iam_uses_entity ON iam_uses (entity, service, action);
CREATE INDEX iam_uses_forget ON iam_uses (forget_at);

CREATE TABLE access_key_uses (
  access_key TEXT PRIMARY KEY,
  entity     TEXT NOT NULL,
  account    TEXT NOT NULL,
  service    TEXT NOT NULL,
  action     TEXT NOT NULL,
  region     TEXT NOT NULL,
  at         BIGINT NOT NULL
);
