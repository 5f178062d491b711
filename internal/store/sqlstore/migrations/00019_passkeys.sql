-- +goose Up

-- Passkeys and security keys: what their owners call them, and the fingerprint of
-- the credential, which is in the sealed column. Virtual devices have neither.
ALTER TABLE mfa_devices ADD COLUMN name    TEXT;
ALTER TABLE mfa_devices ADD COLUMN passkey TEXT;
CREATE UNIQUE INDEX mfa_devices_name ON mfa_devices (account, name);
CREATE UNIQUE INDEX mfa_devices_passkey ON mfa_devices (passkey);
