-- +goose Up

-- The instance whose people may approve a device: there are several on one server. Codes
-- live ten minutes, so that those of before are simply nobody's.

ALTER TABLE device_authorizations ADD COLUMN instance TEXT NOT NULL DEFAULT '';
