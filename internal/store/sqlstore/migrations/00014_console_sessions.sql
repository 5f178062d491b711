-- +goose Up

-- Sessions of root users, IAM users and roles in the console. Those that there
-- were are of people of the directory.
ALTER TABLE sessions ADD COLUMN kind     TEXT   NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN account  TEXT   NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN mfa_at   BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN token    TEXT   NOT NULL DEFAULT ''; -- sealed
ALTER TABLE sessions ADD COLUMN switched TEXT   NOT NULL DEFAULT ''; -- JSON, or nothing

-- Accounts that there were are in the organization.
ALTER TABLE accounts ADD COLUMN standalone BIGINT NOT NULL DEFAULT 0;
