-- +goose Up

-- Second factors of people of directories, and the browsers that they trust.

CREATE TABLE person_mfa_devices (
  id           TEXT PRIMARY KEY,
  user_id      TEXT NOT NULL,
  name         TEXT NOT NULL,
  kind         TEXT NOT NULL, -- WEBAUTHN or TOTP
  sealed       BLOB NOT NULL, -- the seed, or the credential as JSON
  drift        BIGINT NOT NULL,
  last_step    BIGINT NOT NULL,
  passkey      TEXT, -- fingerprint of the credential; NULL: none
  created_at   BIGINT NOT NULL,
  last_used_at BIGINT NOT NULL
);
CREATE INDEX person_mfa_devices_user ON person_mfa_devices (user_id, created_at, id);
CREATE UNIQUE INDEX person_mfa_devices_passkey ON person_mfa_devices (passkey);

CREATE TABLE trusted_browsers (
  hash       TEXT PRIMARY KEY,
  user_id    TEXT NOT NULL,
  network    TEXT NOT NULL,
  agent      TEXT NOT NULL, -- hash
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  forget_at  BIGINT NOT NULL
);
CREATE INDEX trusted_browsers_user ON trusted_browsers (user_id);
CREATE INDEX trusted_browsers_forget ON trusted_browsers (forget_at);
